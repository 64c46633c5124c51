"""What is shown never stops a worker, be it odd or be nobody there to see it."""

import errno
import io
import logging
import sys

import pytest
from rich.console import Console as Screen

from jobs.outcome import Failure
from jobs.worker.held import Held
from jobs.worker.terminal import Terminal


class Closed(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")


@pytest.fixture(autouse=True)
def log_handlers():
    kept = logging.getLogger().handlers
    yield
    logging.getLogger().handlers = kept


def test_a_terminal_that_was_closed_stops_nothing(monkeypatch):
    job = Held("id", 1, 1, "task")
    monkeypatch.setattr(sys, "stderr", Closed())
    terminal = Terminal()

    terminal.claimed(job)
    terminal.draw()
    terminal.finished(job, None)

    assert terminal.shown == {}


def test_brackets_in_a_message_are_shown_as_they_are():
    screen = Screen(file=io.StringIO(), width=200)
    terminal = Terminal(screen)

    held = Held("id", 1, 1, "[/a", data='{"name": "b"}')

    terminal.failed(held, Failure("exception", "c] d"))

    assert "[/a b exception: c] d [/a id\n" in screen.file.getvalue()
