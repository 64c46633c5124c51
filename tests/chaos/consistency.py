"""What has to be true after every scenario, whatever happened in it."""

from dataclasses import dataclass

from django.db.models import Count, Q

from jobs.models import Job
from tests.probe.models import Execution


@dataclass(frozen=True)
class Wrongs:
    """How often each promise was broken; all of it should be 0."""

    lost: int  # held by a worker that is not there
    twice: int  # run while another run of it was alive, or twice under one lease
    stale: int  # ended by the word of a run that was not the last

    @classmethod
    def found(cls) -> "Wrongs":
        return cls(lost=len(lost()), twice=len(run_twice()), stale=len(stale()))


def lost() -> list[Job]:
    return list(Job.objects.all().abandoned())


def run_twice() -> list[object]:
    overlapped = Execution.objects.filter(overlapped=True).values_list("job", flat=True)
    pairs = Execution.objects.values_list("job", "lease").annotate(runs=Count("pk"))
    return [*overlapped, *pairs.filter(runs__gt=1)]


def stale() -> list[Job]:
    """Jobs whose result is not by the process that ran them last, or whose lease went back."""
    results = Job.objects.filter(status="finished", result__pid__isnull=False)
    last = {job: (lease, pid) for job, lease, pid in by_lease()}
    return [
        job
        for job in results.filter(pk__in=last)
        if last[job.pk] != (job.lease, job.result["pid"])  # type: ignore[index]
    ] + list(Job.objects.filter(Q(lease=0), pk__in=last))


def by_lease() -> list[tuple[object, int, int]]:
    runs = Execution.objects.order_by("lease", "pk")
    return list(runs.values_list("job", "lease", "pid"))
