"""Each verb of a worker meets a row that somebody else's open transaction has locked."""

import os
import signal
from datetime import datetime, timedelta

import pytest

from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import clock, row, rows, waiting_for_locks
from tests.chaos.probes import Gate, ended, enqueue, enqueue_many, running, statuses
from tests.chaos.report import Line
from tests.chaos.turns import complaints
from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker
from tests.jobs.sessions import Session
from tests.probe.processes import alive

OTHERS = 2  # seconds that 20 other jobs may take
THEN = 5  # and the verb itself, once the row is free
END = {"return": "finished", "raise": "error"}
# An idle worker looks for what was left unsettled at every other heartbeat.
ATTENTIVE = {"JOBS_HEARTBEAT_SECONDS": 1}
SHORT_LIVED = ATTENTIVE | {"JOBS_ALIVE_FOR_SECONDS": 3}


def others_run(line: Line) -> None:
    """Twice, for the worker may not have met the locked row when it begins the first of them."""
    for priority in (100, -100):
        others = enqueue_many(20, "noop", priority=priority)
        wait_until(lambda jobs=others: statuses(jobs) == {"finished": 20})
        last = max(job.finished_at for job in rows(others))
        took = last - min(job.created_at for job in rows(others))
        line.measure("20 others", took.total_seconds(), under=OTHERS)


@pytest.mark.parametrize("then", ["return", "raise"])
def test_51_the_end_of_a_job_waits_for_its_row_alone(
    new_worker: NewWorker, line: Line, gate: Gate, then: str
) -> None:
    worker = new_worker("--slots", 2).ready()
    job = gate.enqueue(then=then)
    wait_until(lambda: gate.all_here(job))

    with Session() as somebody:
        somebody.lock(job)
        gate.open()
        others_run(line)
        assert row(job).status == "processing"
    is_written(job, line=line, worker=worker)

    assert (row(job).status, row(job).lease) == (END[then], 1)


def test_51_an_atomic_job_waits_for_its_row_alone(new_worker: NewWorker, line: Line) -> None:
    worker = new_worker("--slots", 2).ready()
    job = enqueue("atomic", {"seconds": 1})
    wait_until(lambda: row(job).status == "processing")

    with Session() as somebody:
        somebody.lock(job)
        wait_until(lambda: waiting_for_locks("jobs child %"), what="the child at the row")
        others_run(line)
    is_written(job, line=line, worker=worker)

    assert (row(job).status, row(job).lease) == ("finished", 1)


def test_51_progress_waits_for_its_row_alone(new_worker: NewWorker, line: Line, gate: Gate) -> None:
    worker = new_worker("--slots", 2).ready()
    job = gate.enqueue(then="report")
    wait_until(lambda: gate.all_here(job))

    with Session() as somebody:
        somebody.lock(job)
        gate.open()
        others_run(line)
        assert row(job).progress["message"] == "at the gate"
    released_at = clock()
    wait_until(lambda: row(job).progress["message"] == "beyond the gate")

    line.measure("then shown", (clock() - released_at).total_seconds(), under=THEN)
    assert complaints(worker) == []


def test_51_a_cancel_waits_for_its_row_alone(new_worker: NewWorker, line: Line) -> None:
    worker = new_worker("--slots", 2, JOBS_KILL_AFTER_SECONDS=1).ready()
    job = enqueue("deaf")
    wait_until(lambda: running(job))
    child = running(job).pid
    job.cancel()

    with Session() as somebody:
        somebody.lock(job)
        wait_until(lambda: not alive(child), what="the end of its process")
        others_run(line)
    is_written(job, line=line, worker=worker)

    assert (row(job).status, row(job).error["kind"]) == ("error", "cancelled")


@pytest.mark.parametrize("then", ["return", "raise"])
def test_51_what_waits_for_a_job_is_settled_when_its_row_is_free(
    new_worker: NewWorker, line: Line, gate: Gate, then: str
) -> None:
    worker = new_worker("--slots", 2, **ATTENTIVE).ready()
    parent = gate.enqueue(then=then)
    child, brother = (enqueue("noop", after=parent) for _ in range(2))
    wait_until(lambda: gate.all_here(parent))

    with Session() as somebody:
        somebody.lock(child)
        gate.open()
        others_run(line)
        wait_until(lambda: ended(parent, brother))
        assert row(child).status == "pending"
    is_written(
        child, line=line, worker=worker, within=THEN
    )  # it may be the next heartbeat that finds it

    end = {"return": ("finished", None), "raise": ("error", "blocked")}[then]
    for job in (child, brother):
        assert (row(job).status, row(job).error and row(job).error["kind"]) == end


ADD_TWIN = """
INSERT INTO jobs (id, type, data, priority, due, unique_key, max_attempts)
SELECT gen_random_uuid(), type, '{}', -100, true, unique_key, 1 FROM jobs WHERE id = %s
"""


@pytest.mark.parametrize(
    "locked", ["what waits for it", "its twin", "its twin, which waits for it"]
)
def test_51_giving_way_to_a_twin_waits_for_locked_rows_alone(
    new_worker: NewWorker, line: Line, locked: str
) -> None:
    worker = new_worker("--slots", 2, "--poll", 1, **ATTENTIVE).ready()
    job = enqueue("run", {"seconds": 600}, unique_key="one")
    wait_until(lambda: running(job))
    waits_for = job if "which waits" in locked else None
    twin = enqueue("run", unique_key="one", after=waits_for, priority=-100)
    heir = enqueue("noop", after=job)

    with Session() as somebody:
        somebody.lock(heir if locked == "what waits for it" else twin)
        os.kill(running(job).pid, signal.SIGKILL)
        others_run(line)
    is_written(job, twin, heir, line=line, worker=worker)

    assert (row(job).status, row(job).error["kind"]) == ("error", "superseded")
    assert (row(twin).status, row(heir).status) == ("finished", "finished")
    assert row(heir).started_at >= row(twin).finished_at


def test_51_a_twin_that_is_not_committed_yet_is_waited_for_alone(
    new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 2, "--poll", 1).ready()
    job = enqueue("run", {"seconds": 600}, unique_key="one")
    wait_until(lambda: running(job))

    with Session() as somebody:
        somebody.execute(ADD_TWIN, job.pk)
        os.kill(running(job).pid, signal.SIGKILL)
        others_run(line)
        assert row(job).status == "processing"
        somebody.commit()
    is_written(job, line=line, worker=worker)

    assert (row(job).status, row(job).error["kind"]) == ("error", "superseded")


def test_51_what_is_to_be_claimed_is_passed_over(new_worker: NewWorker, line: Line) -> None:
    jobs = enqueue_many(3, "noop", priority=100)

    with Session() as somebody:
        for job in jobs:
            somebody.lock(job)
        worker = new_worker("--slots", 2, "--poll", 1).ready()
        others_run(line)
        assert statuses(jobs) == {"pending": 3}
    is_written(*jobs, line=line, worker=worker)

    assert statuses(jobs) == {"finished": 3}


def test_51_what_becomes_due_is_passed_over(new_worker: NewWorker, line: Line) -> None:
    worker = new_worker("--slots", 2, "--poll", 1).ready()
    locked, free = (enqueue_many(20, "noop", run_at=later(2)) for _ in range(2))

    with Session() as somebody:
        for job in locked:
            somebody.lock(job)
        wait_until(lambda: statuses(free) == {"finished": 20})
        last = max(job.started_at for job in rows(free))
        line.measure("late", (last - free[0].run_at).total_seconds(), under=OTHERS)
        others_run(line)
        assert statuses(locked) == {"pending": 20}
    is_written(*locked, line=line, worker=worker)

    assert statuses(locked) == {"finished": 20}


def test_51_a_worker_that_stops_puts_back_all_but_what_is_locked(
    new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 21, "--grace", 0, **SHORT_LIVED).ready()
    jobs = enqueue_many(21, "sleep", {"seconds": 600})
    wait_until(lambda: statuses(jobs) == {"processing": 21})
    locked, *free = jobs

    with Session() as somebody:
        somebody.lock(locked)
        worker.ended_by_test = True
        worker.signal(signal.SIGTERM)
        stopped_at = clock()
        wait_until(lambda: statuses(free) == {"pending": 20})
        line.measure("20 put back", (clock() - stopped_at).total_seconds(), under=OTHERS)
        assert worker.process.wait(20) == 0
    released_at = clock()
    new_worker("--slots", 1, "--types", "probe_noop", **SHORT_LIVED).ready()
    wait_until(lambda: row(locked).status == "pending")

    line.measure("then that one", (clock() - released_at).total_seconds(), under=20)
    assert {(job.status, job.attempts) for job in rows(jobs)} == {("pending", 0)}


def test_51_a_rescue_passes_over_what_is_locked(new_worker: NewWorker, line: Line) -> None:
    killed = new_worker("--slots", 21, **SHORT_LIVED).ready()
    jobs = enqueue_many(21, "sleep", {"seconds": 600})
    wait_until(lambda: statuses(jobs) == {"processing": 21})
    living = new_worker("--slots", 2, "--types", "probe_noop", **SHORT_LIVED).ready()
    locked, *free = jobs

    with Session() as somebody:
        somebody.lock(locked)
        killed.kill()
        killed_at = clock()
        wait_until(lambda: statuses(free) == {"pending": 20})
        line.measure("20 rescued", (clock() - killed_at).total_seconds(), under=20)
        others_run(line)
        assert row(locked).status == "processing"
    released_at = clock()
    wait_until(lambda: row(locked).status == "pending")

    line.measure("then that one", (clock() - released_at).total_seconds(), under=THEN)
    assert complaints(living) == []


def later(seconds: float) -> datetime:
    return clock() + timedelta(seconds=seconds)


def is_written(*jobs: Job, line: Line, worker: Worker, within: float = THEN) -> None:
    """Its rows are free now, and soon hold what was to be written."""
    released_at = clock()
    wait_until(lambda: ended(*jobs))
    line.measure("then written", (clock() - released_at).total_seconds(), under=within)
    assert complaints(worker) == []
