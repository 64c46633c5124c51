"""What a child takes care of between jobs and beside them."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from decimal import getcontext
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.timezone import activate as activate_zone
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import activate as activate_language
from django.utils.translation import get_language

from jobs.worker import guard, line
from jobs.worker.child import Child, StopRequest, become_child, reset_signals
from jobs.worker.frames import Lines, number_of, order
from jobs.worker.held import Held
from jobs.worker.pool import Slot
from jobs.worker.tail import Tail


def end_of(do: Callable[[], object]) -> int:
    """Do this in a process of its own; return its exit code, or its signal as a negative."""
    if (pid := os.fork()) == 0:
        try:
            do()
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def term_myself() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_sigterm_sent_to_every_process_leaves_a_child_its_grace():
    def child() -> None:
        reset_signals()
        term_myself()
        os._exit(0)

    assert end_of(child) == 0


def test_a_process_that_a_handler_forked_ends_at_sigterm():
    def child() -> None:
        reset_signals()
        os._exit(-end_of(term_myself))

    assert end_of(child) == signal.SIGTERM


def test_an_alarm_that_a_job_left_ends_nothing():
    def child() -> None:
        reset_signals()
        signal.raise_signal(signal.SIGALRM)
        os._exit(0)

    assert end_of(child) == 0


def test_words_said_by_several_threads_do_not_mix():
    mine, other = socket.socketpair()
    child = Child(mine, StopRequest(), Tail())
    long = {"text": "x" * 900_000}
    threads = [Thread(target=child.send, args=[long], daemon=True) for _ in range(4)]

    for thread in threads:
        thread.start()
    lines = iter(Lines(other))
    heard = [next(lines) for _ in threads]

    assert heard == [long] * 4
    for thread in threads:
        thread.join()
    mine.close()
    other.close()


def job(data: str = "{}") -> Held:
    return Held(str(uuid4()), 1, 1, "task", 1, data=data)


@pytest.fixture
def child() -> Iterator[tuple[Child, Lines]]:
    """And what it says."""
    mine, other = socket.socketpair()
    yield Child(mine, StopRequest(), Tail()), Lines(other)
    mine.close()
    other.close()


def test_what_a_thread_reports_when_its_job_is_over_is_not_of_the_next(child, handled_by):
    one, lines = child
    started = []
    handled_by(started.append)
    one.run(7, job())

    one.run(8, job())
    started[0].progress(1, 2)

    assert [frame["number"] for frame in lines.read()] == [7]


def test_language_zone_and_context_end_with_their_job(child, handled_by):
    one, _ = child
    found = []

    def handler(running: object) -> None:
        found.append((get_language(), get_current_timezone_name(), getcontext().prec))
        activate_language("fr")
        activate_zone("Asia/Tokyo")
        getcontext().prec = 2

    handled_by(handler)
    one.run(1, job())
    one.run(2, job())

    assert found[0] == found[1]


def test_a_child_whose_process_was_changed_says_so_and_takes_no_other_job(child, handled_by):
    one, lines = child
    orders, supervisor = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    handled_by(lambda running: os.environ.update(PROBE_LEFT="behind"))
    for number in (1, 2):
        supervisor.send(order(job(), number))

    one.serve(orders)

    (ended,) = lines.read()
    assert (ended.number, ended.worn) == (1, True)
    assert number_of(orders.recv(1 << 18)) == 2
    del os.environ["PROBE_LEFT"]
    orders.close()
    supervisor.close()


def test_a_child_whose_output_is_closed_goes_no_further_than_its_end():
    def child() -> None:
        orders, supervisor = socket.socketpair()
        supervisor.close()
        alive, _ = os.pipe()
        sys.stdout = open("/dev/full", "w")  # noqa: SIM115
        print("a word that cannot be written")
        become_child(Child(orders, StopRequest(), Tail()), orders, alive, lambda: None)

    assert end_of(child) == 0


def test_a_child_has_the_options_of_the_project_not_those_of_the_worker(own_settings):
    before = dict(connection.settings_dict["OPTIONS"])

    line.open_as("worker")
    line.open_as("child")

    name = {"application_name": f"jobs child {os.getpid()}"}
    assert connection.settings_dict["OPTIONS"] == before | name


def test_a_database_of_another_kind_keeps_its_options(own_settings, monkeypatch):
    before = dict(connection.settings_dict["OPTIONS"])
    monkeypatch.setattr(connection, "vendor", "sqlite")

    line.open_as("worker")

    assert connection.settings_dict["OPTIONS"] == before


@pytest.mark.parametrize("by", ["the worker", "the guard"])
def test_a_child_that_left_its_process_group_is_killed_all_the_same(by):
    elsewhere = os.getpgid(0)
    if (pid := os.fork()) == 0:
        os.setpgid(0, 0)
        os.setpgid(0, elsewhere)
        time.sleep(600)
        os._exit(0)
    time.sleep(0.1)

    if by == "the guard":
        guard.kill({pid})
    else:
        slot = object.__new__(Slot)
        slot.pid = pid
        slot.kill()

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
