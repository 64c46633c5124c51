"""The handlers of the probe types."""

import ctypes
import fcntl
import logging
import os
import secrets
import signal
import subprocess
import sys
import time
from typing import Any, Literal

from django.db import connection
from pydantic import BaseModel

from jobs.running import RunningJob
from tests.probe.executions import noted


class Run(BaseModel):
    seconds: float = 0
    subprocess: bool = False
    steps: int = 1


class Ran(BaseModel):
    pid: int


class End(BaseModel):
    how: str


class Gated(BaseModel):
    gate: str
    then: Literal["return", "raise", "report", "stay"] = "return"
    characters: int = 0


class Text(BaseModel):
    text: str


class Painted(BaseModel):
    colour: str


class NewerPainted(Painted):
    """As a release has it that not all workers run yet."""

    coats: int = 1


class Raise(BaseModel):
    error: str


class Return(BaseModel):
    what: str


class Slowly(Exception):
    """It comes after a second."""


class Unprintable(Exception):
    """It cannot be shown, nor pickled."""

    def __str__(self) -> str:
        raise RuntimeError("no words")

    def __reduce__(self) -> str:
        raise RuntimeError("no pickle")


STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
ERRORS = (SystemExit, KeyboardInterrupt, MemoryError, ValueError, Slowly, Unprintable)
RESULTS: dict[str, Any] = {
    "an object": {"thing": object()},
    "a set": {1, 2},
    "NaN": {"number": float("nan")},
    "50 MB": {"text": "x" * 50_000_000},
    "NUL": {"text": "before\x00after"},
    "a lone surrogate": {"text": "\ud800"},
}


def run(job: RunningJob) -> Ran:
    """Take so long, with a subprocess that does not listen if asked for, and note it down."""
    helper = subprocess.Popen([sys.executable, "-c", STUBBORN]) if job.data.subprocess else None
    with noted(job, helper):
        for step in range(job.data.steps):
            time.sleep(job.data.seconds / job.data.steps)
            job.progress(step + 1, job.data.steps, f"step {step + 1}")
    if helper:
        helper.kill()
        helper.wait()
    return Ran(pid=os.getpid())


def noop(job: RunningJob) -> None:
    """Nothing at all."""


def object_to_it(job: RunningJob) -> None:
    """Raise, and leave no note: for tests without the probe's table."""
    job.logger.warning("about to object")
    raise ValueError("on purpose")


def use_a_library(job: RunningJob) -> None:
    """Call what complains in a log of its own, and works."""
    logging.getLogger("some.library").error("the library complains")


def refuse(job: RunningJob) -> None:
    """Raise, as quickly as can be."""
    raise ValueError("on purpose")


def tell_pid(job: RunningJob) -> dict[str, int]:
    return {"pid": os.getpid()}


def sleep(job: RunningJob) -> Ran:
    """Take so long without a word to the database."""
    time.sleep(job.data.seconds)
    return Ran(pid=os.getpid())


def wait_at_gate(job: RunningJob) -> dict[str, str] | None:
    """Say that it is there, wait until a test lets it go on, then do what it was told."""
    job.progress(0, 1, "at the gate")
    with open(job.data.gate) as gate:
        fcntl.flock(gate, fcntl.LOCK_SH)
    if job.data.then == "raise":
        raise ValueError("on purpose")
    while job.data.then in ("report", "stay"):
        time.sleep(0.5)
        if job.data.then == "report":
            job.progress(time.time(), time.time(), "beyond the gate")
    return {"text": secrets.token_hex(job.data.characters // 2)}


def paint(job: RunningJob) -> dict[str, int]:
    return {"coats": getattr(job.data, "coats", 0)}


def read(job: RunningJob) -> dict[str, int]:
    return {"letters": len(job.data.text)}


def debug(job: RunningJob) -> dict[str, str]:
    """Stop for a person, who says what the result is."""
    said = ""
    breakpoint()
    return {"said": said}


def swallow(job: RunningJob) -> None:
    """Refuse to stop."""
    with noted(job):
        while True:
            try:
                time.sleep(1e6)
            except BaseException:
                continue


def query(job: RunningJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")


def stubborn_query(job: RunningJob) -> None:
    """Ask again each time it is made to stop."""
    while True:
        try:
            query(job)
        except BaseException:
            continue


def end(job: RunningJob) -> None:
    """End the process itself."""
    with noted(job):
        if job.data.how == "exit":
            os._exit(0)
        if job.data.how == "segfault":
            ctypes.string_at(0)
        os.kill(os.getpid(), getattr(signal, job.data.how))


def fail(job: RunningJob) -> None:
    with noted(job):
        if job.data.error == "Slowly":
            time.sleep(1)
        raise {error.__name__: error for error in ERRORS}[job.data.error]("on purpose\x00")


def give_back(job: RunningJob) -> Any:
    return RESULTS[job.data.what]


def write_a_row(job: RunningJob) -> None:
    with noted(job):
        time.sleep(job.data.seconds)
