"""Deadlines that hold, and cancelling."""

import random
import time
from contextlib import suppress
from typing import Any

import pytest

from jobs.errors import WrongState
from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import clock, row, statements
from tests.chaos.probes import ended, enqueue, executions, running
from tests.chaos.report import Line
from tests.chaos.waiting import stays, wait_until
from tests.probe.processes import alive

IN_TIME = "It ran longer than its timeout of 2 s."
KILLED = f"{IN_TIME} It did not stop when asked and was killed."


def test_09_a_sleeping_handler_stops_at_its_timeout(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 1).ready()
    job = enqueue("short", {"seconds": 1e6})
    after = enqueue("run", {})

    wait_until(lambda: ended(job, after))

    job, after = row(job), row(after)
    assert (job.status, job.error["kind"], job.error["message"]) == ("error", "timeout", IN_TIME)
    assert job.attempts == 1
    line.measure("stopped", (job.finished_at - job.started_at).total_seconds(), under=3)
    line.measure("next job", (after.started_at - job.finished_at).total_seconds(), under=1)


def test_09_a_handler_that_swallows_the_request_is_killed_5_s_later(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1).ready()
    job = enqueue("swallow")
    after = enqueue("run", {})

    wait_until(lambda: ended(job, after))

    job, after = row(job), row(after)
    assert (job.status, job.error["kind"], job.error["message"]) == ("error", "timeout", KILLED)
    took = (job.finished_at - job.started_at).total_seconds()
    assert took >= 7
    line.measure("killed", took, under=8)
    line.measure("next job", (after.started_at - job.finished_at).total_seconds(), under=1)
    assert not alive(executions(job)[0].pid)


def test_10_no_statement_of_a_killed_handler_goes_on(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 1).ready()
    job = enqueue("stubborn_query")
    wait_until(lambda: statements("SELECT pg_sleep(600)"))

    wait_until(lambda: ended(job))
    wait_until(lambda: not statements("SELECT pg_sleep(600)"), seconds=10)

    gone = (clock() - row(job).finished_at).total_seconds()
    line.measure("statement gone", gone, under=3)
    assert row(job).error["message"] == KILLED


def test_10_a_statement_that_is_out_of_time_is_cancelled(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 1).ready()
    job = enqueue("query")

    wait_until(lambda: ended(job))

    job = row(job)
    assert (job.status, job.error["message"]) == ("error", IN_TIME)
    line.measure("stopped", (job.finished_at - job.started_at).total_seconds(), under=3)
    wait_until(lambda: not statements("SELECT pg_sleep(600)"), seconds=3)


def test_11_a_subprocess_that_ignores_sigterm_is_gone_after_the_deadline(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1).ready()
    job = enqueue("short", {"seconds": 600, "subprocess": True})
    run = wait_until(lambda: running(job))
    assert alive(run.subprocess)

    wait_until(lambda: ended(job))
    wait_until(lambda: not alive(run.pid) and not alive(run.subprocess), seconds=2)

    gone = (clock() - row(job).started_at).total_seconds()
    line.measure("group gone", gone, under=4)


def test_12_a_cancelled_pending_job_never_runs(new_worker: NewWorker, line: Line) -> None:
    job = enqueue("run", {})
    job.cancel()

    new_worker("--slots", 1).ready()
    after = enqueue("run", {})
    wait_until(lambda: ended(after))

    assert row(job).error["kind"] == "cancelled"
    assert executions(job) == []


@pytest.mark.parametrize("notify", [True, False], ids=["notify on", "notify off"])
def test_12_a_cancelled_running_job_stops(new_worker: NewWorker, line: Line, notify: bool) -> None:
    worker = new_worker("--slots", 1, "--poll", 0.5, JOBS_NOTIFY=notify).ready()
    job = enqueue("run", {"seconds": 600})
    wait_until(lambda: running(job))

    job.cancel()
    asked_at = clock()
    wait_until(lambda: ended(job))

    job = row(job)
    assert (job.status, job.error["kind"], job.attempts) == ("error", "cancelled", 1)
    assert len(executions(job)) == 1
    line.measure("stopped", (job.finished_at - asked_at).total_seconds(), under=3 if notify else 5)
    assert not worker.ended


def test_12_a_cancelled_job_that_does_not_listen_is_killed(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1, JOBS_KILL_AFTER_SECONDS=1).ready()
    job = enqueue("deaf")
    run = wait_until(lambda: running(job))

    job.cancel()
    asked_at = clock()
    wait_until(lambda: ended(job))

    job = row(job)
    assert (job.status, job.error["kind"]) == ("error", "cancelled")
    assert not alive(run.pid)
    line.measure("killed", (job.finished_at - asked_at).total_seconds(), under=4)


def test_12_cancel_racing_finish_leaves_one_final_state(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 1).ready()
    chance = random.Random(12)

    for _ in range(40):
        job = enqueue("run", {"seconds": 0.1})
        wait_until(lambda job=job: executions(job))
        time.sleep(chance.uniform(0, 0.3))  # at a distance, too, it may have ended by then
        with suppress(WrongState):
            job.cancel()
        wait_until(lambda job=job: ended(job))
    before = outcomes()

    finished = [error for status, _, error in before.values() if status == "finished"]
    cancelled = [error for status, _, error in before.values() if status == "error"]
    assert not any(finished)
    assert all(error["kind"] == "cancelled" for error in cancelled)
    assert all((result is None) == bool(error) for _, result, error in before.values())
    assert finished
    assert cancelled
    line.note(f"{len(finished)} finished, {len(cancelled)} cancelled")
    stays(lambda: outcomes() == before, seconds=0.5)


def outcomes() -> dict[object, tuple[str, Any, Any]]:
    return {job.pk: (job.status, job.result, job.error) for job in Job.objects.all()}
