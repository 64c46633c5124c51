"""How a child ends: with its own exit handlers, and with none of its parent's."""

import atexit
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from jobs.worker import exit_handlers


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "said"


def family(file: Path, child: Callable[[], object]) -> list[str]:
    """What is in the file once a child of a process that had its own exit handler has ended."""

    def say(word: str) -> None:
        with file.open("a") as end:
            print(word, file=end)

    if (parent := os.fork()) == 0:
        atexit._clear()  # what pytest has registered
        atexit.register(say, "parent")
        if (pid := os.fork()) == 0:
            exit_handlers.end_before_those_of_the_parent()
            atexit.register(say, "child")
            child()
            exit_handlers.run()
            say("not reached")
        say(f"exit code {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}")
        atexit._run_exitfuncs()
        os._exit(0)
    os.waitpid(parent, 0)
    return file.read_text().splitlines()


def test_a_child_runs_its_own_and_the_parent_those_of_the_parent(file: Path):
    assert family(file, lambda: None) == ["child", "exit code 0", "parent"]


def test_one_that_raises_is_logged_and_the_others_run(file: Path):
    def child() -> None:
        sys.unraisablehook = sys.__unraisablehook__  # pytest has one of its own
        sys.stderr = file.open("a")
        exit_handlers.logger.error = lambda text, *_, exc_info: print(exc_info, file=sys.stderr)
        atexit.register(lambda: 1 / 0)

    assert family(file, child) == ["child", "division by zero", "exit code 0", "parent"]


def test_one_that_exits_is_not_the_end(file: Path):
    assert family(file, lambda: atexit.register(sys.exit, 3)) == ["child", "exit code 0", "parent"]


def test_what_was_sent_to_sentry_is_waited_for(file: Path):
    def flush(*, timeout: float) -> None:
        file.open("a").write(f"flushed within {timeout:g} s\n")

    def child() -> None:
        sys.modules["sentry_sdk"] = SimpleNamespace(flush=flush)

    assert family(file, child) == ["child", "flushed within 2 s", "exit code 0", "parent"]
