"""Running the job of a sync in the foreground, as `process_job` does."""

import time
from collections.abc import Callable

from django.core.management import CommandError, call_command

from airtable_sync.models import SyncPlan
from jobs.models import Job

POLL = 1.0  # seconds
TWICE_TOLD = 128  # and more: the exit codes of a worker that was told twice to stop


def run(job: Job, *, told: Callable[[str], object]) -> None:
    """Until it has ended, or waits for another attempt.

    Where another worker has it, wait for that one. Raises CommandError if nobody can run it now.
    """
    try:
        call_command("process_job", job.pk)
    except SystemExit as end:
        if isinstance(end.code, int) and end.code > TWICE_TOLD:
            raise
    except CommandError:
        job.refresh_from_db()
        if job.status == Job.Status.PENDING:
            raise
    job.refresh_from_db()
    if job.status == Job.Status.PROCESSING:
        told(f"Another worker has job {job.pk}; waiting for it to end.")
    while job.status == Job.Status.PROCESSING:
        time.sleep(POLL)
        job.refresh_from_db()


def plan_of(job: Job) -> SyncPlan | None:
    """The one that it was to apply, or the last one that it made."""
    if plan_id := job.data["plan_id"]:
        return SyncPlan.objects.filter(pk=plan_id).first()
    return SyncPlan.objects.of_job(job.pk).first()


def reason(job: Job) -> str:
    """Why it did not finish."""
    last = job.error or (job.errors[-1] if job.errors else {"message": "it was stopped"})
    return str(last["message"])
