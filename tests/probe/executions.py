"""What the probe handlers note down about their own runs."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from jobs.models import Job
from jobs.running import RunningJob
from tests.probe.models import Execution
from tests.probe.processes import alive


@contextmanager
def noted(job: RunningJob, helper: subprocess.Popen[bytes] | None = None) -> Iterator[None]:
    """Say that this run of the job begins, and that it ends if it lives to say so."""
    lease = Job.objects.values_list("lease", flat=True).get(pk=job.id)
    mine = {"job": job.id, "lease": lease, "pid": os.getpid()}
    try:
        Execution.objects.create(
            **mine,
            subprocess=helper and helper.pid,
            started_at=Now(),
            overlapped=still_running(job),
        )
        yield
    finally:
        say_ended(Execution.objects.filter(**mine))


def say_ended(run: QuerySet[Any]) -> None:
    """Again and again if the session was ended: else this run would look as if it went on."""
    for pause in [0.1] * 100:
        try:
            run.update(ended_at=Now())
            return
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:  # all of it is rolled back, its beginning too
                raise
            connection.close()
            time.sleep(pause)


def still_running(job: RunningJob) -> bool:
    """All probe workers run on one machine, so that this can be seen rather than inferred."""
    earlier = Execution.objects.filter(job=job.id, ended_at=None)
    pids = {pid for pair in earlier.values_list("pid", "subprocess") for pid in pair}
    return any(alive(pid) for pid in pids - {os.getpid()})
