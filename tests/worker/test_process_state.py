"""What a job may leave changed in its process: each of it is named."""

import locale
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.worker.process_state import ProcessState

CHANGES: dict[str, Callable[[], object]] = {
    "working folder": lambda: os.chdir("/"),
    "umask": lambda: os.umask(0o70),
    "locale of numbers": lambda: locale.setlocale(locale.LC_NUMERIC, "C.UTF-8"),
    "locale of times": lambda: locale.setlocale(locale.LC_TIME, "C.UTF-8"),
    "timeout of sockets": lambda: socket.setdefaulttimeout(7),
    "handler of SIGTERM": lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN),
    "handler of SIGALRM": lambda: signal.signal(signal.SIGALRM, lambda number, frame: None),
    "variable PROBE_LEFT": lambda: os.environ.update(PROBE_LEFT="secret"),
    "variable PATH": lambda: os.environ.update(PATH="/nowhere"),
    "variable HOME": lambda: os.environ.pop("HOME"),
}


def in_a_process(do: Callable[[], str]) -> str:
    """What it answers there."""
    read, write = os.pipe()
    if (pid := os.fork()) == 0:
        try:
            os.write(write, do().encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    os.close(write)
    with os.fdopen(read) as answer:
        return answer.read()


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_job_changed_is_named(what):
    def child() -> str:
        locale.setlocale(locale.LC_ALL, "C")
        state = ProcessState()
        CHANGES[what]()
        return state.changes()

    assert in_a_process(child) == what


def test_a_folder_that_is_gone_is_a_change(tmp_path: Path):
    def child() -> str:
        state = ProcessState()
        os.chdir(tmp_path)
        tmp_path.rmdir()
        return state.changes()

    assert in_a_process(child) == "working folder"


def test_what_was_put_back_is_no_change():
    def child() -> str:
        state = ProcessState()
        os.umask(os.umask(0o70))
        os.environ["PROBE_LEFT"] = "x"
        del os.environ["PROBE_LEFT"]
        return state.changes() or "nothing"

    assert in_a_process(child) == "nothing"
