"""A worker as the outside sees it: a process with options, a log, children and an end."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
from django.db import connection

from jobs.models import Worker as Row
from tests.chaos.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """`manage.py run_jobs` on the database of this test."""

    command = [sys.executable, "manage.py", "run_jobs"]

    def __init__(self, log: Path, *options: object, **environment: object) -> None:
        self.log = log
        self.seen: set[psutil.Process] = set()
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*self.command, *map(str, options)],
                cwd=ROOT,
                env=environment_with(**environment),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.pid = self.process.pid
        self.ended_by_test = False

    @property
    def rows(self) -> list[Row]:
        """As the database knows it; it gets a new row when it has lost its lease."""
        return list(Row.objects.filter(name=f"{socket.gethostname()}:{self.pid}").order_by("pk"))

    def ready(self) -> "Worker":
        """Wait until it is at work."""
        wait_until(lambda: self.rows or self.ended, what="a worker at work")
        assert not self.ended, self.text
        return self

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def family(self) -> set[psutil.Process]:
        """Its guard, its children and their subprocesses, as long as somebody knows of them."""
        if not self.ended:
            self.seen |= set(psutil.Process(self.pid).children(recursive=True))
        return {process for process in self.seen if is_there(process)}

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9, for the worker only."""
        self.family()
        self.ended_by_test = True
        self.process.kill()
        self.process.wait()

    def stop(self, *, within: float = 30) -> int:
        """SIGTERM; return the exit code."""
        self.family()
        self.ended_by_test = True
        self.process.terminate()
        return self.process.wait(within)

    def until_empty(self) -> None:
        """Wait for the end of a worker that was started with --until-empty."""
        self.ended_by_test = True
        assert self.process.wait(60) == 0, self.text[-2000:]

    def end(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        family = self.family()
        if not self.ended:
            self.process.kill()
            self.process.wait()
        # Its guard kills the others; whoever it does not reach is ended here.
        give_up = time.monotonic() + 3
        while any(map(is_there, family)) and time.monotonic() < give_up:
            time.sleep(0.02)
        for process in filter(is_there, family):
            process.send_signal(signal.SIGKILL)


def is_there(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def environment_with(**more: object) -> dict[str, str]:
    """For a process that works on the database of this test."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "tests.probe.settings",
        "PROBE_DATABASE": connection.settings_dict["NAME"],
    }
    return dict(os.environ) | ours | {name: str(value) for name, value in more.items()}


def manage(*arguments: object, **environment: object) -> subprocess.CompletedProcess[str]:
    """Run another command of manage.py to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env=environment_with(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
