"""All that can be done with the jobs, done by a new worker."""

from datetime import timedelta

from django.db.models.functions import Now

from jobs.models import Job, Worker
from jobs.worker.rounds import poll
from jobs.worker.turn import due_of


def drain() -> None:
    """Let all workers die and every hour come; then every job that is not stuck ends."""
    Worker.objects.update(alive_until=Now() - timedelta(seconds=1))
    Worker.objects.all().bury()
    Job.objects.rescue()
    worker = Worker.enlist(slots=4, types=["paint"])
    # Each round ends at least one.
    for _ in range(Job.objects.exclude(status__in=["finished", "error"]).count()):
        Job.objects.pending().update(run_at=Now())
        poll(due_of([]))
        Job.objects.sweep()
        Job.objects.finish({job: {} for job in Job.objects.ready().claim(worker, limit=100)})
