"""The handlers of the probe types."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

from django.db import connection
from pydantic import BaseModel

from jobs.models import Job
from jobs.running import RunningJob
from tests.probe.models import Execution


class Run(BaseModel):
    seconds: float = 0
    subprocess: bool = False
    steps: int = 1


class Ran(BaseModel):
    pid: int


class End(BaseModel):
    how: str


class Raise(BaseModel):
    error: str


STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def run(job: RunningJob) -> Ran:
    """Take so long, with a subprocess that does not listen if asked for, and note it down."""
    helper = subprocess.Popen([sys.executable, "-c", STUBBORN]) if job.data.subprocess else None
    execution = note(job, helper)
    for step in range(job.data.steps):
        time.sleep(job.data.seconds / job.data.steps)
        job.progress(step + 1, job.data.steps, f"step {step + 1}")
    if helper:
        helper.kill()
        helper.wait()
    Execution.objects.filter(pk=execution.pk).update(ended_at=datetime.now(UTC))
    return Ran(pid=os.getpid())


def note(job: RunningJob, helper: subprocess.Popen[bytes] | None = None) -> Execution:
    lease = Job.objects.values_list("lease", flat=True).get(pk=job.id)
    return Execution.objects.create(
        job=job.id,
        lease=lease,
        pid=os.getpid(),
        subprocess=helper and helper.pid,
        started_at=datetime.now(UTC),
    )


def swallow(job: RunningJob) -> None:
    """Refuse to stop."""
    note(job)
    while True:
        try:
            time.sleep(1e6)
        except BaseException:  # noqa: S112
            continue


def query(job: RunningJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")


def end(job: RunningJob) -> None:
    """End the process itself."""
    note(job)
    if job.data.how == "exit":
        os._exit(0)
    if job.data.how == "segfault":
        ctypes.string_at(0)
    os.kill(os.getpid(), getattr(signal, job.data.how))


def fail(job: RunningJob) -> None:
    errors = (SystemExit, KeyboardInterrupt, MemoryError, ValueError)
    raise {error.__name__: error for error in errors}[job.data.error]("on purpose")


def write_a_row(job: RunningJob) -> None:
    note(job)
    time.sleep(job.data.seconds)
