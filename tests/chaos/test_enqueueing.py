"""Enqueueing: in the caller's transaction, in order."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import clock, row, wait_a_moment
from tests.chaos.probes import ended, enqueue, enqueue_many, executions, statuses
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until


def test_20_a_job_that_is_rolled_back_does_not_exist(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 1).ready()

    with transaction.atomic():
        job = enqueue("run", {})
        wait_a_moment()
        transaction.set_rollback(True)

    after = enqueue("run", {})
    wait_until(lambda: ended(after))
    assert not Job.objects.filter(pk=job.pk).exists()
    assert executions(job) == []


def test_20_a_job_starts_right_after_the_commit_and_never_before(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 2, "--poll", 60).ready()
    warm = enqueue("run", {})
    wait_until(lambda: ended(warm))
    waits = []

    for _ in range(10):
        with transaction.atomic():
            job = enqueue("run", {})
            wait_a_moment()
            committed_at = clock()
        wait_until(lambda job=job: ended(job))
        [run] = executions(job)
        assert run.started_at > committed_at
        waits.append((run.started_at - committed_at).total_seconds())

    line.measure("started", sorted(waits)[len(waits) // 2] * 1000, under=100, unit="ms")


def test_21_ten_thousand_jobs_in_one_transaction_are_a_handful_of_copies_and_one_wake_up(
    new_worker: NewWorker, line: Line
) -> None:
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        for _ in range(10):
            enqueue_many(1_000, "noop")

    said = [query["sql"] for query in captured.captured_queries]
    copies = [text for text in said if text.startswith("COPY jobs ")]
    wakes = [text for text in said if "pg_notify" in text]
    assert Job.objects.count() == 10_000
    assert len(wakes) == 1
    assert copies
    line.measure("copies", len(copies), under=11, unit="")


def test_23_a_chain_runs_in_order(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 8).ready()

    first = enqueue("run", {"seconds": 0.3})
    second = enqueue("run", {"seconds": 0.3}, after=first)
    third = enqueue("run", {}, after=second)
    wait_until(lambda: ended(first, second, third))

    runs = [executions(job)[0] for job in (first, second, third)]
    assert runs[0].ended_at < runs[1].started_at
    assert runs[1].ended_at < runs[2].started_at
    gap = (runs[2].started_at - runs[1].ended_at).total_seconds()
    line.measure("follows", gap, under=1)


def test_23_what_waits_for_a_failed_job_is_blocked_until_that_is_retried(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 8).ready()
    first = enqueue("raise", {"error": "ValueError"})
    second = enqueue("run", {}, after=first)
    third = enqueue("run", {}, after=second)
    chain = [first, second, third]
    wait_until(lambda: ended(*chain))
    assert [row(job).error["kind"] for job in chain] == ["exception", "blocked", "blocked"]

    Job.objects.filter(pk=first.pk).update(type="probe_run", data={})
    row(first).retry()
    wait_until(lambda: statuses(chain) == {"finished": 3})

    assert executions(second)[0].ended_at < executions(third)[0].started_at


def test_23_a_parent_that_finished_before_its_child_was_committed_does_not_strand_it(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1).ready()
    first = enqueue("run", {"seconds": 0.5})

    with transaction.atomic():
        second = enqueue("run", {}, after=first)
        wait_until(lambda: ended(first))
        committed_at = clock()
    wait_until(lambda: ended(second))

    wait = executions(second)[0].started_at - committed_at
    line.measure("started", wait.total_seconds(), under=1)
