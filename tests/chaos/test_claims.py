"""Exactly one claim."""

import pytest
from django.db.models import Count, F

from jobs.models import Job, Worker
from jobs.outcome import Failure
from tests.chaos.conftest import NewWorker
from tests.chaos.database import clock, row
from tests.chaos.probes import enqueue, enqueue_many, executions
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until
from tests.probe.models import Execution


@pytest.mark.timeout(400)
def test_01_each_of_5000_jobs_is_run_exactly_once(new_worker: NewWorker, line: Line) -> None:
    enqueue_many(5000, "run", {})
    began = clock()

    workers = [new_worker("--slots", 4, LOG_LEVEL="WARNING") for _ in range(2)]

    wait_until(lambda: not Job.objects.filter(finished_at=None).exists(), seconds=300)
    line.note(f"{(clock() - began).total_seconds():.0f} s with the start of the workers")
    assert Job.objects.filter(status="finished").count() == 5000
    assert Execution.objects.count() == 5000
    assert Execution.objects.aggregate(jobs=Count("job", distinct=True)) == {"jobs": 5000}
    assert not Job.objects.exclude(lease=1, attempts=1, crashes=0).exists()
    assert all(worker.stop() == 0 for worker in workers)
    pids = Execution.objects.values_list("pid", flat=True).distinct()
    assert len(pids) == 8, "every child had a share"


STALE_WRITES = {
    "finish": lambda job: job.finish({"pid": 1}),
    "fail": lambda job: job.fail(Failure("exception", "late")),
    "progress": lambda job: job.report({"done": 1, "total": 2, "message": "late"}),
    "release": lambda job: job.release(),
    "rescue": lambda job: job.rescue("late"),
}


@pytest.mark.parametrize("verb", STALE_WRITES)
def test_02_a_word_under_an_old_lease_changes_nothing(
    new_worker: NewWorker, line: Line, verb: str
) -> None:
    enqueue("run", {"seconds": 600})
    former = Worker.enlist(slots=1, types=["probe_run"])
    [late] = Job.objects.ready().claim(former, limit=1)
    former.delete()
    new_worker("--slots", 1)
    wait_until(lambda: row(late).lease == 2 and row(late).status == "processing")
    before = Job.objects.filter(pk=late.pk).values().get()

    written = STALE_WRITES[verb](late)

    assert not written
    assert Job.objects.filter(pk=late.pk).values().get() == before
    line.note("0 rows changed")


@pytest.mark.parametrize("type", ["run", "atomic"])
def test_02_a_worker_drops_counts_and_logs_what_comes_too_late(
    new_worker: NewWorker, line: Line, type: str
) -> None:
    job = enqueue(type, {"seconds": 1})
    worker = new_worker("--slots", 1).ready()
    wait_until(lambda: row(job).status == "processing")
    Job.objects.filter(pk=job.pk).update(lease=F("lease") + 1)

    wait_until(lambda: DROPPED[type] in worker.text)

    job = row(job)
    assert (job.status, job.lease, job.result) == ("processing", 2, None)
    if type == "atomic":
        assert executions(job) == [], "rolled back"
    Job.objects.filter(pk=job.pk).update(lease=1)
    line.note("0 rows changed")


DROPPED = {"run": "its outcome is dropped", "atomic": "taken over by another worker; rolled back"}
