"""Sessions that are ended, notifications that are not heard, rows that somebody else has locked."""

import pytest

from jobs.models import Job, Worker
from tests.chaos.conftest import NewWorker
from tests.chaos.database import ask, clock, row, terminate
from tests.chaos.probes import ended, enqueue, enqueue_many, executions, running, statuses
from tests.chaos.report import Line
from tests.chaos.waiting import stays, wait_until
from tests.jobs.sessions import Session


def test_16_sessions_ended_twice_a_second_lose_nothing(new_worker: NewWorker, line: Line) -> None:
    workers = [new_worker("--slots", 2).ready() for _ in range(2)]
    jobs = enqueue_many(1200, "sleep", {"seconds": 0.02})
    began = clock()
    longest, last, done = 0.0, began, 0
    ends = 0

    while (now := clock()) and (now - began).total_seconds() < 30:
        ends += terminate("jobs %")
        ask("SELECT pg_sleep(0.5)::text")
        if (more := statuses(jobs).get("finished", 0)) > done:
            done, last = more, clock()
        longest = max(longest, (clock() - last).total_seconds())
    stopped_at = clock()

    line.note(f"{ends} sessions ended")
    line.measure("longest halt", longest, under=10)
    after = enqueue("sleep", {}, priority=1)
    wait_until(lambda: ended(after))
    line.measure("works on", (clock() - stopped_at).total_seconds(), under=10)
    wait_until(lambda: statuses(jobs) == {"finished": 1200}, seconds=90)
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}
    assert not any(worker.ended for worker in workers)


def test_17_without_notify_a_job_starts_within_the_poll_interval(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1, "--poll", 1, JOBS_NOTIFY=False).ready()

    job = enqueue("run", {})
    wait_until(lambda: ended(job))

    wait = executions(job)[0].started_at - row(job).created_at
    line.measure("started", wait.total_seconds(), under=3)


def test_17_a_worker_that_lost_its_line_starts_jobs_within_the_poll_interval(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1, "--poll", 3).ready()
    wait_until(lambda: listeners() == 1)
    ask(f"SELECT count(pg_terminate_backend(pid)) {LISTENERS}")

    job = enqueue("run", {})
    wait_until(lambda: ended(job))

    wait = executions(job)[0].started_at - row(job).created_at
    line.measure("started", wait.total_seconds(), under=6)
    wait_until(lambda: listeners() == 1, what="it listens again")


LISTENERS = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'"


def listeners() -> int:
    return int(ask(f"SELECT count(*) {LISTENERS}"))


def test_19_a_locked_row_delays_nothing_else(new_worker: NewWorker, line: Line) -> None:
    worker = new_worker("--slots", 4).ready()
    mine = enqueue("run", {"seconds": 1})
    waiting = enqueue("run", {}, run_at=clock())
    wait_until(lambda: running(mine))

    with Session() as somebody:
        somebody.lock(mine)
        locked_at = clock()
        late = enqueue("short", {"seconds": 600})
        others = enqueue_many(50, "run", {})
        wait_until(lambda: ended(late, waiting, *others))
        last = max(job.finished_at for job in Job.objects.exclude(finished_at=None))
        line.measure("50 jobs and a deadline", (last - locked_at).total_seconds(), under=5)
        assert row(late).error["kind"] == "timeout"
        stays(lambda: beats(worker.rows[0]), seconds=15, what="heartbeats")
    released_at = clock()
    wait_until(lambda: ended(mine))

    line.measure("then written", (row(mine).finished_at - released_at).total_seconds(), under=1)
    assert (row(mine).status, row(mine).lease) == ("finished", 1)


def beats(worker: Worker) -> bool:
    """Its last heartbeat is as recent as it should be."""
    return (clock() - worker.seen_at).total_seconds() < 6


def test_19_a_locked_pending_row_is_passed_over(new_worker: NewWorker, line: Line) -> None:
    locked = enqueue("run", {}, priority=100)

    with Session() as somebody:
        somebody.lock(locked)
        new_worker("--slots", 1).ready()
        others = enqueue_many(20, "run", {})
        wait_until(lambda: ended(*others))
        assert row(locked).status == "pending"
    wait_until(lambda: ended(locked))

    assert row(locked).status == "finished"


@pytest.mark.parametrize("what", ["job_workers", "jobs"])
def test_19_a_locked_table_ends_no_worker(new_worker: NewWorker, line: Line, what: str) -> None:
    worker = new_worker("--slots", 1).ready()
    job = enqueue("sleep", {"seconds": 2})
    wait_until(lambda: row(job).status == "processing")

    with Session() as somebody:
        somebody.execute(f"LOCK TABLE {what} IN EXCLUSIVE MODE")
        locked_at = clock()
        wait_until(lambda: (clock() - locked_at).total_seconds() > 5)
    after = enqueue("run", {})
    wait_until(lambda: ended(job, after))

    wait = row(after).started_at - row(after).created_at
    line.measure("works on", wait.total_seconds(), under=3)
    assert (row(job).status, row(job).lease) == ("finished", 1)
    assert not worker.ended
