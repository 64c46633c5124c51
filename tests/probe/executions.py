"""What the probe handlers note down about their own runs."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models.functions import Now

from jobs.models import Job
from jobs.running import RunningJob
from tests.probe.models import Execution
from tests.probe.processes import alive


@contextmanager
def noted(job: RunningJob, helper: subprocess.Popen[bytes] | None = None) -> Iterator[None]:
    """Say that this run of the job begins, and that it ends if it lives to say so."""
    execution = Execution.objects.create(
        job=job.id,
        lease=Job.objects.values_list("lease", flat=True).get(pk=job.id),
        pid=os.getpid(),
        subprocess=helper and helper.pid,
        started_at=Now(),
        overlapped=still_running(job),
    )
    try:
        yield
    finally:
        Execution.objects.filter(pk=execution.pk).update(ended_at=Now())


def still_running(job: RunningJob) -> bool:
    """All probe workers run on one machine, so that this can be seen rather than inferred."""
    earlier = Execution.objects.filter(job=job.id, ended_at=None)
    pids = {pid for pair in earlier.values_list("pid", "subprocess") for pid in pair}
    return any(alive(pid) for pid in pids - {os.getpid()})
