"""Two releases beside each other, as a rolling deploy has them: of a payload, and of the table."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs.models import Job
from jobs.registry import job_types
from tests.chaos.conftest import NewWorker
from tests.chaos.database import execute, row, rows
from tests.chaos.probes import ended, enqueue, enqueue_many, statuses
from tests.chaos.report import Line
from tests.chaos.turns import complaints
from tests.chaos.waiting import wait_until
from tests.probe import handlers

NEW = {"colour": "red", "coats": 3}


@pytest.fixture
def enqueue_new(
    database: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Sequence[Job]]:
    """Jobs as a release enqueues them whose payload has one field more."""
    monkeypatch.setattr(job_types, "_types", dict(job_types._types))
    del job_types._types["probe_paint"]
    job_types.register("probe_paint", handlers.paint, payload=handlers.NewerPainted)
    return lambda count=1: enqueue_many(count, "paint", NEW)


def put_back(jobs: Sequence[Job]) -> bool:
    return all(job.status == "pending" and job.lease > 0 for job in rows(list(jobs)))


def test_57_a_payload_of_a_newer_release_waits_for_its_worker(
    new_worker: NewWorker, line: Line, enqueue_new: Callable[..., Sequence[Job]]
) -> None:
    older = new_worker("--slots", 1).ready()
    [job] = enqueue_new()
    wait_until(lambda: put_back([job]))

    job = row(job)
    assert (job.attempts, job.crashes, job.errors, job.error) == (0, 0, [], None)
    assert timedelta(seconds=25) < job.run_at - job.created_at < timedelta(seconds=40)
    new_worker("--slots", 1, PROBE_NEWER=1).ready()
    older.stop()
    Job.objects.filter(pk=job.pk).update(run_at=Now())
    wait_until(lambda: ended(job))

    job = row(job)
    assert (job.status, job.result, job.attempts, job.errors) == ("finished", {"coats": 3}, 1, [])


def test_57_it_runs_on_the_newer_worker_whoever_claims_it_first(
    new_worker: NewWorker, line: Line, enqueue_new: Callable[..., Sequence[Job]]
) -> None:
    new_worker("--slots", 2, "--poll", 0.5).ready()
    jobs = enqueue_new(20)
    old = enqueue_many(20, "noop")
    wait_until(lambda: put_back(jobs))
    new_worker("--slots", 2, "--poll", 0.5, PROBE_NEWER=1).ready()

    def its_hour_comes() -> bool:
        Job.objects.pending().filter(type="probe_paint").update(run_at=Now())
        return ended(*jobs)

    wait_until(its_hour_comes, seconds=60)

    for job in rows(list(jobs)):
        assert (job.status, job.result, job.errors) == ("finished", {"coats": 3}, [])
        assert (job.attempts, job.crashes) == (1, 0)
    assert statuses(old) == {"finished": 20}


def test_57_a_payload_that_nobody_knows_in_time_is_invalid(
    new_worker: NewWorker, line: Line, enqueue_new: Callable[..., Sequence[Job]]
) -> None:
    new_worker("--slots", 1, "--poll", 0.5).ready()
    [job] = enqueue_new()
    wait_until(lambda: put_back([job]))

    Job.objects.filter(pk=job.pk).update(
        created_at=Now() - timedelta(minutes=10, seconds=1), run_at=Now()
    )
    wait_until(lambda: ended(job))

    job = row(job)
    assert (job.error["kind"], job.attempts, len(job.errors)) == ("invalid_payload", 1, 1)
    assert job.error["message"] == ("probe_paint: coats: unknown field; this type takes colour.")


def test_57_a_payload_with_another_mistake_is_invalid_at_once(
    new_worker: NewWorker, line: Line, enqueue_new: Callable[..., Sequence[Job]]
) -> None:
    [job] = enqueue_new()
    Job.objects.filter(pk=job.pk).update(data={"coats": 3, "colour": 7})
    new_worker("--slots", 1)

    wait_until(lambda: ended(job))

    assert row(job).error["kind"] == "invalid_payload"


@pytest.fixture
def add_column(database: dict[str, str]) -> Iterator[Callable[[str], None]]:
    yield lambda kind: execute(f"ALTER TABLE jobs ADD COLUMN novelty {kind}")
    execute("ALTER TABLE jobs DROP COLUMN IF EXISTS novelty")


def test_57_a_column_that_is_added_meanwhile_costs_nothing(
    new_worker: NewWorker, line: Line, add_column: Callable[[str], None]
) -> None:
    workers = [new_worker("--slots", 2, LOG_LEVEL="WARNING").ready() for _ in range(2)]
    jobs = [*enqueue_many(3_000, "noop"), *enqueue_many(100, "run", {"seconds": 0.05})]
    failing = enqueue("refuse_again", unique_key="one")
    wait_until(lambda: statuses(jobs).get("finished", 0) > 100)

    add_column("integer NOT NULL DEFAULT 0")
    jobs += [*enqueue_many(500, "noop"), *enqueue_many(20, "noop", unique_key="two")]
    wait_until(lambda: ended(*jobs, failing), seconds=60)

    assert statuses(jobs) == {"finished": len({job.pk for job in jobs})}
    assert not Job.objects.filter(status="finished").exclude(attempts=1, crashes=0).exists()
    assert row(failing).attempts == 3
    assert [complaints(worker) for worker in workers] == [[], []]
