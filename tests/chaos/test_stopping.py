"""Workers that are told to stop."""

import signal
import time

import pytest

from jobs.models import Job, Worker
from tests.chaos.conftest import NewWorker
from tests.chaos.database import row, rows
from tests.chaos.probes import all_run, enqueue, enqueue_many, executions, running, statuses
from tests.chaos.report import Line
from tests.chaos.waiting import stays, wait_until
from tests.chaos.worker import is_there
from tests.probe.models import Execution


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_13_short_jobs_finish_before_the_worker_ends(
    new_worker: NewWorker, line: Line, number: int
) -> None:
    worker = new_worker("--slots", 4).ready()
    jobs = enqueue_many(40, "run", {"seconds": 0.5})
    wait_until(lambda: Execution.objects.count() >= 6)

    worker.ended_by_test = True
    worker.signal(number)
    code = worker.process.wait(10)

    assert code == 0
    begun = Execution.objects.count()
    assert not Execution.objects.filter(ended_at=None).exists()
    assert statuses(jobs) == {"finished": begun, "pending": 40 - begun}
    assert not Job.objects.filter(status="pending").exclude(attempts=0, worker=None).exists()
    assert not Worker.objects.exists()
    new_worker("--slots", 4, "--until-empty").until_empty()
    assert statuses(jobs) == {"finished": 40}
    assert Execution.objects.count() == 40, "nothing runs twice"


def test_13_a_long_job_is_put_back_after_the_grace(new_worker: NewWorker, line: Line) -> None:
    worker = new_worker("--slots", 1, "--grace", 3).ready()
    job = enqueue("run", {"seconds": 600, "subprocess": True})
    wait_until(lambda: running(job))
    family = worker.family()

    began = time.monotonic()
    code = worker.stop()

    line.measure("ended", time.monotonic() - began, under=6)
    assert code == 0
    job = row(job)
    assert (job.status, job.attempts, job.crashes, job.lease) == ("pending", 0, 0, 1)
    assert job.due
    wait_until(lambda: not any(map(is_there, family)), seconds=2)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGINT, 130)],
    ids=["SIGTERM", "SIGINT"],
)
def test_13_a_second_signal_ends_it_at_once(
    new_worker: NewWorker, line: Line, number: int, code: int
) -> None:
    worker = new_worker("--slots", 2).ready()
    jobs = enqueue_many(2, "run", {"seconds": 600, "subprocess": True})
    wait_until(lambda: all_run(jobs))
    family = worker.family()
    worker.ended_by_test = True

    worker.signal(signal.SIGTERM)
    stays(lambda: not worker.ended, seconds=0.5)
    began = time.monotonic()
    worker.signal(number)

    assert worker.process.wait(10) == code
    line.measure("ended", time.monotonic() - began, under=3)
    assert {(j.status, j.attempts, j.crashes) for j in rows(jobs)} == {("pending", 0, 0)}
    wait_until(lambda: not any(map(is_there, family)), seconds=2)


def test_14_a_signal_between_claim_and_start_leaves_nothing_processing(
    new_worker: NewWorker, line: Line
) -> None:
    jobs = enqueue_many(300, "run", {"seconds": 0.01})
    moments = [0.0, 0.003, 0.01, 0.02, 0.05]

    for moment in moments:
        before = Execution.objects.count()
        worker = new_worker("--slots", 4, "--grace", 0)
        wait_until(lambda before=before: Job.objects.processing().exists() or runs() > before)
        time.sleep(moment)
        assert worker.stop(within=10) == 0
        assert not Job.objects.processing().exists()

    new_worker("--slots", 4, "--until-empty").until_empty()
    assert statuses(jobs) == {"finished": 300}
    assert all(sum(run.ended_at is not None for run in executions(job)) >= 1 for job in jobs)
    assert set(Job.objects.values_list("attempts", "crashes")) == {(1, 0)}
    line.note(f"{len(moments)} stops")


def runs() -> int:
    return int(Execution.objects.count())
