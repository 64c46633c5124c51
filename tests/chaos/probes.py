"""Jobs that misbehave, enqueued and watched."""

import fcntl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.models import Count, Q

from jobs.models import Job
from jobs.models.manager import NewJob
from tests.probe.models import Execution


def enqueue(type: str, data: dict[str, Any] | None = None, **options: Any) -> Job:
    return Job.objects.enqueue(f"probe_{type}", data or {}, **options)


def enqueue_many(
    count: int, type: str, data: dict[str, Any] | None = None, **options: Any
) -> Sequence[Job]:
    new = NewJob(type=f"probe_{type}", data=data or {}, **options)
    return Job.objects.enqueue_many([new] * count)


class Gate:
    """Where jobs of the type `probe_gated` wait until all are let through at once."""

    def __init__(self, path: Path) -> None:
        self.path, self._file = path, path.open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def enqueue(self, **options: Any) -> Job:
        """A job that will wait here; the options are those of its payload."""
        return enqueue("gated", {"gate": str(self.path)} | options)

    def all_here(self, *jobs: Job) -> bool:
        """Their handlers wait."""
        ids = [job.pk for job in jobs]
        return Job.objects.processing().filter(pk__in=ids, progress__done=0).count() == len(ids)

    def open(self) -> None:
        self._file.close()


def executions(job: Job) -> list[Any]:
    return list(Execution.objects.filter(job=job.pk).order_by("lease", "pk"))


def running(job: Job) -> Any:
    """The run of the job that is under way, or None."""
    return Execution.objects.filter(job=job.pk, ended_at=None).order_by("lease").last()


def all_run(jobs: Sequence[Job]) -> bool:
    """Each of them is being run at this moment."""
    ids = [job.pk for job in jobs]
    return Execution.objects.filter(job__in=ids, ended_at=None).count() == len(ids)


def statuses(jobs: list[Job]) -> dict[str, int]:
    these = Job.objects.filter(pk__in=[job.pk for job in jobs])
    counts = these.values_list("status").annotate(count=Count("pk")).order_by()
    return dict(counts)


def ended(*jobs: Job) -> bool:
    return not Job.objects.filter(~Q(status__in=["finished", "error"]), pk__in=[j.pk for j in jobs])
