"""What a child takes care of between jobs and beside them."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection

from jobs.worker import guard, line
from jobs.worker.child import Child, StopRequest, become_child, reset_signals
from jobs.worker.frames import Lines
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
