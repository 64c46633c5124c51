"""breakpoint() in a handler, with a person at a terminal."""

import os
import pty
import select
import sys
import time
from collections.abc import Iterator

import pytest

from jobs.models import Job
from tests.worker.commands import ROOT, environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("probes")]


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *arguments: object) -> None:
        given = environment()
        self.pid, self.line = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, "manage.py", *map(str, arguments)], given)
        self.text = ""

    def read_until(self, word: str) -> None:
        give_up = time.monotonic() + 60
        while word not in self.text:
            assert time.monotonic() < give_up, self.text
            self._read()

    def type(self, text: str) -> None:
        self.text = ""
        os.write(self.line, f"{text}\n".encode())

    def exit_code(self) -> int:
        while self._read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self) -> bool:
        """False once nobody is there any more."""
        if not select.select([self.line], [], [], 60)[0]:
            raise AssertionError(self.text)
        try:
            received = os.read(self.line, 4096)
        except OSError:
            return False
        self.text += received.decode(errors="replace")
        return bool(received)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    job = Job.objects.enqueue("probe_debug", {})
    terminal = Terminal("process_job", job.pk)
    yield terminal
    os.close(terminal.line)


def test_a_breakpoint_gets_the_terminal_and_no_deadline(terminal: Terminal):
    terminal.read_until("(Pdb)")
    assert "handlers.py" in terminal.text
    time.sleep(1.5)  # its timeout is a second

    terminal.type("said = 'slowly'")
    terminal.read_until("(Pdb)")
    terminal.type("c")

    assert terminal.exit_code() == 0, terminal.text
    assert Job.objects.get().result == {"said": "slowly"}
