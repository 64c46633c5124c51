"""Of the jobs of a type with one unique_key, one waits at most and one runs."""

import os
import signal
from datetime import timedelta

from django.db import transaction

from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import clock, row, wait_a_moment
from tests.chaos.probes import all_run, ended, enqueue, enqueue_many, executions, running
from tests.chaos.report import Line
from tests.chaos.waiting import stays, wait_until
from tests.jobs.sessions import at_once

COMPLAINT = "The database is away"
SHORT = {"JOBS_HEARTBEAT_SECONDS": 1, "JOBS_ALIVE_FOR_SECONDS": 3}


def test_22_fifty_enqueues_of_one_key_are_one_job(new_worker: NewWorker, line: Line) -> None:
    ids = at_once(50, lambda number: enqueue("run", {}, unique_key="one").pk)

    assert len(set(ids)) == 1
    assert Job.objects.count() == 1
    new_worker("--slots", 4, "--until-empty").until_empty()
    assert len(executions(Job.objects.get())) == 1


def test_22_a_twin_does_not_start_before_the_enqueuer_that_met_it_commits(
    new_worker: NewWorker, line: Line
) -> None:
    blocker = enqueue("run", {"seconds": 600})
    new_worker("--slots", 1, "--poll", 0.2).ready()
    wait_until(lambda: running(blocker))
    waiting = enqueue("run", {}, unique_key="one")

    with transaction.atomic():
        assert enqueue("run", {}, unique_key="one").pk == waiting.pk
        at_once(1, lambda number: blocker.cancel())
        wait_until(lambda: ended(blocker))
        stays(lambda: not executions(waiting), seconds=1)
        committed_at = clock()
    wait_until(lambda: ended(waiting))

    assert executions(waiting)[0].started_at > committed_at


def test_22_while_one_runs_one_more_waits_and_does_not_overlap_it(
    new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 4, "--poll", 0.1).ready()
    first = enqueue("run", {"seconds": 2}, unique_key="one")
    wait_until(lambda: running(first))

    second = enqueue("run", {}, unique_key="one")
    third = enqueue("run", {}, unique_key="one")
    stays(lambda: running(first) is None or not executions(second), seconds=1)
    wait_until(lambda: ended(first, second))

    assert third.pk == second.pk != first.pk
    assert executions(second)[0].started_at > executions(first)[0].ended_at
    wait = executions(second)[0].started_at - executions(first)[0].ended_at
    line.measure("second starts", wait.total_seconds(), under=1)
    assert COMPLAINT not in worker.text, "it does not even try"


def test_22_the_same_key_of_another_type_is_another_job(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 2).ready()
    first = enqueue("run", {"seconds": 600}, unique_key="one")
    wait_until(lambda: running(first))

    second = enqueue("short", {}, unique_key="one")

    wait_until(lambda: ended(second))
    assert row(second).status == "finished"
    assert running(first)


def test_22_one_due_in_30_days_is_brought_forward(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 1, "--poll", 60).ready()
    job = enqueue("run", {}, unique_key="one", run_at=clock() + timedelta(days=30))

    with transaction.atomic():
        assert enqueue("run", {}, unique_key="one") == job
        wait_a_moment()
        committed_at = clock()
    wait_until(lambda: ended(job))

    [run] = executions(job)
    assert run.started_at > committed_at
    line.measure("started", (run.started_at - committed_at).total_seconds(), under=5)


def test_22_one_in_its_back_off_is_not_brought_forward(new_worker: NewWorker, line: Line) -> None:
    new_worker("--slots", 1, "--poll", 0.1).ready()
    job = enqueue("later", {"error": "ValueError"}, unique_key="one")
    wait_until(lambda: row(job).errors)

    assert enqueue("later", {"error": "ValueError"}, unique_key="one") == job

    stays(lambda: len(executions(job)) == 1, seconds=1)
    assert row(job).status == "pending"


def test_22_a_rescued_job_that_meets_its_twin_is_superseded(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1).ready()
    first = enqueue("run", {"seconds": 600}, unique_key="one")
    run = wait_until(lambda: running(first))
    second = enqueue("run", {"seconds": 600}, unique_key="one")

    os.kill(run.pid, signal.SIGKILL)

    wait_until(lambda: running(second))
    assert row(first).error == superseded_by(second)


def test_22_a_released_job_that_meets_its_twin_is_superseded(
    new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 1, "--grace", 0).ready()
    first = enqueue("run", {"seconds": 600}, unique_key="one")
    wait_until(lambda: running(first))
    second = enqueue("run", {}, unique_key="one")

    assert worker.stop() == 0

    assert row(first).error == superseded_by(second)
    assert row(second).status == "pending"


def test_22_a_failed_job_that_meets_its_twin_is_superseded(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1).ready()
    first = enqueue("again", {"error": "Slowly"}, unique_key="one")
    wait_until(lambda: running(first))
    second = enqueue("again", {"error": "Slowly"}, unique_key="one")

    wait_until(lambda: ended(first) and running(second))

    assert row(first).error == superseded_by(second)
    assert row(first).errors[0]["message"] == "Slowly: on purpose\\x00"


def test_22_a_retried_job_that_meets_its_twin_is_superseded(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1).ready()
    first = enqueue("raise", {"error": "ValueError"}, unique_key="one")
    wait_until(lambda: ended(first))
    later = clock() + timedelta(hours=1)
    second = enqueue("raise", {"error": "ValueError"}, unique_key="one", run_at=later)

    row(first).retry()

    assert row(first).error == superseded_by(second)


def superseded_by(twin: Job) -> dict[str, str]:
    message = f"Job {twin.pk} waits under the same unique_key."
    return {"kind": "superseded", "message": message, "traceback": ""}


def test_22_a_twin_that_is_not_committed_yet_holds_up_nobody_else(
    new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 2).ready()
    first = enqueue("run", {"seconds": 600}, unique_key="one")
    run = wait_until(lambda: running(first))

    with transaction.atomic():
        second = enqueue("run", {}, unique_key="one")
        os.kill(run.pid, signal.SIGKILL)
        [others] = at_once(1, lambda number: enqueue_many(20, "run"))
        began = clock()
        wait_until(lambda: ended(*others))
        line.measure("20 other jobs", (clock() - began).total_seconds(), under=5)
        assert row(first).status == "processing"
        assert COMPLAINT not in worker.text
    wait_until(lambda: ended(first, second))

    assert row(first).error == superseded_by(second)
    assert row(second).status == "finished"
    assert not worker.ended


def test_22_a_twin_that_is_not_committed_yet_holds_up_no_other_rescue(
    new_worker: NewWorker, line: Line
) -> None:
    former = new_worker("--slots", 2, **SHORT).ready()
    first = enqueue("run", {"seconds": 600}, unique_key="one")
    other = enqueue("run", {"seconds": 600})
    wait_until(lambda: all_run([first, other]))

    with transaction.atomic():
        second = enqueue("run", {}, unique_key="one")
        former.kill()
        killed_at = clock()
        worker = new_worker("--slots", 2, **SHORT)
        again = wait_until(lambda: (run := running(other)) and run.lease == 2 and run)
        line.measure("rescued", (again.started_at - killed_at).total_seconds(), under=8)
    wait_until(lambda: ended(first, second))

    assert row(first).error == superseded_by(second)
    assert not worker.ended
