"""Processes in sessions of their own: each is ended by its number, with all that it started."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench.queue.postgres import ROOT

SECONDS_TO_STOP = 3
LONGEST = 180  # seconds an errand may take


class Failed(Exception):
    """A system did not do what it was asked; the message says what it said."""


class Process:
    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.said = tempfile.TemporaryFile()  # noqa: SIM115  closed by end()
        self.popen = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.pid = self.popen.pid

    def output(self) -> str:
        """All that it has said."""
        return os.pread(self.said.fileno(), 1_000_000, 0).decode(errors="replace")

    def failure(self) -> Failed:
        lines = self.output().strip().splitlines() or ["it said nothing"]
        return Failed(lines[-1][-200:])

    def check(self) -> None:
        """Raise Failed if it has ended."""
        if self.popen.poll() is not None:
            raise self.failure()

    def wait(self, seconds: float) -> None:
        """Until it has ended, but no longer."""
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(seconds)

    def end(self) -> None:
        """Ask it to stop; after a while kill it, and with it whoever is left of its session."""
        self.popen.terminate()
        self.wait(SECONDS_TO_STOP)
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait()
        self.said.close()


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[Process]:
    process = Process(command, environment)
    try:
        yield process
    finally:
        process.end()


def output_of(command: list[str], environment: dict[str, str]) -> str:
    """What it says until it ends well, or Failed."""
    with running(command, environment) as process:
        process.wait(LONGEST)
        if process.popen.returncode is None:
            raise Failed(f"it took more than {LONGEST} s")
        if process.popen.returncode:
            raise process.failure()
        return process.output()
