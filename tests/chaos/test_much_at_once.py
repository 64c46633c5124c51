"""More of one thing than fits into a statement's time: failures, payloads, results, what waits."""

from collections.abc import Sequence

import pytest
from django.db import transaction

from jobs.models import Job
from jobs.models.manager import NewJob
from jobs.models.queryset import JobQuerySet
from tests.chaos.conftest import NewWorker
from tests.chaos.database import ask, clock
from tests.chaos.probes import Gate, enqueue, enqueue_many, statuses
from tests.chaos.report import Line
from tests.chaos.turns import Turns, complaints
from tests.chaos.waiting import wait_until

SHORT = 1_500  # jobs, after which a worker knows that they are: it takes hundreds at a time
LARGE = 900_000  # characters
SECONDS = 80  # until the end of it on a slow machine


def test_49_3000_jobs_that_raise_at_once_all_end(new_worker: NewWorker, line: Line) -> None:
    turns = used_to_short_jobs(new_worker)

    jobs = enqueue_many(3_000, "refuse_again")

    all_end(turns, line)
    assert statuses(jobs) == {"error": 3_000}
    assert not rows(jobs).exclude(attempts=3, crashes=0, error__kind="exception").exists()
    turns.went_on(line)


def test_49_3000_payloads_that_fit_no_more_all_end(new_worker: NewWorker, line: Line) -> None:
    turns = used_to_short_jobs(new_worker)

    with transaction.atomic():
        jobs = enqueue_many(3_000, "read", {"text": ""})
        rows(jobs).update(data={})

    all_end(turns, line)
    assert not rows(jobs).exclude(attempts=1, crashes=0, error__kind="invalid_payload").exists()
    turns.went_on(line)


def test_49_large_payloads_behind_short_jobs_all_run(new_worker: NewWorker, line: Line) -> None:
    with transaction.atomic():
        copies = enqueue_copies(600, enqueue("read", {"text": "x" * LARGE}, priority=-1))
    enqueue_many(SHORT, "noop")
    turns = Turns(new_worker("--slots", 2, JOBS_STATEMENT_SECONDS=1, LOG_LEVEL="WARNING").ready())

    all_end(turns, line)

    assert set(Job.objects.values_list("status", "attempts", "crashes")) == {("finished", 1, 0)}
    assert Job.objects.count() == copies + SHORT
    turns.went_on(line)


@pytest.mark.parametrize("stops", [False, True], ids=["then works on", "then SIGTERM"])
def test_49_60_large_results_at_the_same_moment_are_all_kept(
    new_worker: NewWorker, line: Line, gate: Gate, stops: bool
) -> None:
    jobs = [gate.enqueue(characters=LARGE) for _ in range(60)]
    worker = new_worker("--slots", 60, JOBS_STATEMENT_SECONDS=1).ready()
    wait_until(lambda: gate.all_here(*jobs), seconds=60)
    turns = Turns(worker)

    gate.open()
    if stops:
        assert worker.stop(within=60) == 0
    else:
        all_end(turns, line)
        turns.went_on(line)

    assert complaints(worker) == []
    assert statuses(jobs) == {"finished": 60}
    assert set(Job.objects.values_list("lease", "attempts", "crashes")) == {(1, 1, 0)}


def test_49_10000_jobs_that_wait_for_one_that_fails_are_all_blocked(
    new_worker: NewWorker, line: Line, gate: Gate
) -> None:
    parent = gate.enqueue(then="raise")
    new = [NewJob(type="probe_noop", data={}, after=parent)] * 10_000
    children = Job.objects.enqueue_many(new)
    turns = Turns(new_worker("--slots", 2).ready())
    wait_until(lambda: gate.all_here(parent))

    gate.open()

    all_end(turns, line)
    assert not rows(children).exclude(error__kind="blocked").exists()
    turns.went_on(line)


def used_to_short_jobs(new_worker: NewWorker) -> Turns:
    worker = new_worker("--slots", 2, LOG_LEVEL="WARNING").ready()
    jobs = enqueue_many(SHORT, "noop")
    wait_until(lambda: statuses(jobs) == {"finished": SHORT})
    return Turns(worker)


def all_end(turns: Turns, line: Line) -> None:
    began = clock()
    turns.until(lambda: not Job.objects.under_way().exists(), seconds=SECONDS, what="their end")
    line.note(f"{(clock() - began).total_seconds():.0f} s")


def rows(jobs: Sequence[Job]) -> JobQuerySet:
    return Job.objects.filter(pk__in=[job.pk for job in jobs])


def enqueue_copies(count: int, job: Job) -> int:
    """So many in all, with this one: to send so many that large would take long."""
    names = "type, data, priority, due, unique_key, max_attempts"
    ask(
        f"WITH copied AS (INSERT INTO jobs (id, {names}) SELECT gen_random_uuid(), {names}"
        " FROM jobs CROSS JOIN generate_series(2, %s) WHERE jobs.id = %s RETURNING id)"
        " SELECT count(*) FROM copied",
        count,
        job.pk,
    )
    return count
