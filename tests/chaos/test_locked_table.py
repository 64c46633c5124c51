"""The table of jobs, locked for longer than a worker is believed alive without a word."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connections

from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import ask, clock, execute, rows
from tests.chaos.probes import ended, enqueue, enqueue_many, statuses
from tests.chaos.report import Line
from tests.chaos.turns import Turns
from tests.chaos.waiting import wait_until
from tests.jobs.sessions import Session

LOCKED_FOR = 20  # seconds


@contextmanager
def locked() -> Iterator[None]:
    with Session() as somebody:
        somebody.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def altered_behind_a_reader() -> Iterator[None]:
    """Nobody can read the table while a change of it waits for somebody who does."""
    with ThreadPoolExecutor(1) as thread, column_dropped():
        with Session() as reader:
            reader.execute("SELECT count(*) FROM jobs")
            altering = thread.submit(alter, "ADD COLUMN novelty integer NOT NULL DEFAULT 0")
            wait_until(lambda: ask(ALTERS) or altering.done())
            yield
            assert not altering.done(), "it waits for the reader"
        done(altering)


@contextmanager
def column_dropped() -> Iterator[None]:
    try:
        yield
    finally:
        alter("DROP COLUMN IF EXISTS novelty")


def alter(how: str) -> None:
    try:
        execute(f"ALTER TABLE jobs {how}")
    finally:
        connections.close_all()


def done(altering: Future[None]) -> None:
    altering.result(timeout=30)


ALTERS = """
SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE relname = 'jobs' AND mode = 'AccessExclusiveLock' AND NOT granted
"""


@pytest.mark.parametrize("lock", [locked, altered_behind_a_reader])
def test_50_a_locked_table_ends_no_job_and_no_worker(
    new_worker: NewWorker, line: Line, lock: type
) -> None:
    worker = new_worker("--slots", 2).ready()
    enqueue_many(50, "noop")
    # One ends while the table is locked, the other goes on for longer.
    jobs = [enqueue("sleep", {"seconds": seconds}) for seconds in (8, LOCKED_FOR + 3)]
    wait_until(lambda: statuses(jobs) == {"processing": 2})
    behind = enqueue_many(20, "noop", priority=-1)
    turns = Turns(worker)

    with lock():
        until = time.monotonic() + LOCKED_FOR
        turns.until(lambda: time.monotonic() > until)
    released_at = clock()
    wait_until(lambda: ended(*behind), seconds=60)

    last = max(job.finished_at for job in rows(behind))
    line.measure("goes on", (last - released_at).total_seconds(), under=10)
    wait_until(lambda: ended(*jobs), seconds=60)
    line.measure("longest silence", turns.longest, under=10)
    assert [row.pk for row in worker.rows] == [turns.id], "it is the same worker"
    assert {(job.status, job.lease) for job in rows(jobs)} == {("finished", 1)}, "none was killed"
    assert set(Job.objects.values_list("status", "crashes")) == {("finished", 0)}
