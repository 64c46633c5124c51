"""A great many due jobs, more urgent than all others, of types that no worker serves."""

import pytest

from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import ask, execute, row
from tests.chaos.probes import ended, enqueue, enqueue_many
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker, manage

MANY = 100_000
ADD = """
WITH added AS (
    INSERT INTO jobs (id, type, data, priority, due, unique_key, max_attempts)
    SELECT gen_random_uuid(), %s, '{}', %s, true, '', 1 FROM generate_series(1, %s) RETURNING id
)
SELECT count(*) FROM added
"""
# What all sessions that have ended by now have read of the table.
READ = """
SELECT coalesce(sum(idx_tup_read), 0) + (
    SELECT coalesce(seq_tup_read, 0) FROM pg_stat_user_tables WHERE relname = 'jobs'
) FROM pg_stat_user_indexes WHERE relname = 'jobs'
"""


@pytest.fixture
def unserved(database: dict[str, str]) -> None:
    ask(ADD, "probe_foreign", 100, MANY)
    ask(ADD, "probe_strange", -100, 10)


def read_so_far() -> int:
    return int(ask(READ))


@pytest.mark.usefixtures("unserved")
@pytest.mark.parametrize("known", [True, False], ids=["analysed", "not analysed"])
def test_40_a_job_starts_beside_them_as_beside_nothing(
    new_worker: NewWorker, line: Line, known: bool
) -> None:
    if known:
        execute("ANALYZE jobs")
    before = read_so_far()
    worker = new_worker("--slots", 2, "--poll", 60).ready()

    for _ in range(20):
        job = enqueue("noop")
        wait_until(lambda job=job: ended(job))
        wait = row(job).finished_at - row(job).created_at
        assert wait.total_seconds() < 5, "it did not wait for the poll"
    enqueue_many(1_000, "noop")
    last = enqueue("noop", priority=-1)
    wait_until(lambda: ended(last))
    assert worker.stop() == 0

    line.measure("read", read_so_far() - before, under=MANY / 2, unit="rows")


@pytest.mark.usefixtures("unserved")
def test_40_health_names_each_type_that_nobody_serves(new_worker: NewWorker, line: Line) -> None:
    worker: Worker = new_worker("--slots", 1).ready()
    job = enqueue("noop")
    wait_until(lambda: ended(job))

    health = manage("jobs_health")

    assert health.returncode == 0, health.stderr
    assert "no worker serves probe_foreign: " in health.stdout
    assert "no worker serves probe_strange: 10 due" in health.stdout
    assert not worker.ended
    assert Job.objects.pending().count() == MANY + 10
