"""Exactly-once effects."""

import random
import time

import psutil

from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import row
from tests.chaos.probes import enqueue, executions
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker

KILLS = 20


def test_31_what_an_atomic_handler_writes_exists_exactly_once(
    new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 1).ready()
    chance = random.Random(31)
    died = 0

    for _ in range(KILLS):
        job = enqueue("atomic", {"seconds": 0.05})
        # Or more: the last kill may have met a child with nothing to do, which then got this job.
        wait_until(lambda job=job: row(job).lease >= 1)
        # From before its first statement to after its commit.
        time.sleep(chance.uniform(0, 0.12))
        kill_the_child(worker)
        wait_until(lambda job=job: ended_well(job))
        died += row(job).crashes > 0

    assert all(len(executions(job)) == 1 for job in Job.objects.all())
    assert 0 < died < KILLS, "some before the commit, some after it"
    line.note(f"{KILLS} kills, {died} before the commit")


def kill_the_child(worker: Worker) -> None:
    """There may be none at this moment, if the last one has just ended."""
    processes = psutil.Process(worker.pid).children()
    for child in sorted(processes, key=psutil.Process.create_time)[1:]:  # the guard came first
        child.kill()


def ended_well(job: Job) -> bool:
    assert agrees(job)
    return row(job).status == "finished"


def agrees(job: Job) -> bool:
    """No row without a finished job, and the other way round, as two looks in this order see it."""
    finished = row(job).status == "finished"
    rows = len(executions(job))
    return rows <= 1 and (rows == 1 or not finished)
