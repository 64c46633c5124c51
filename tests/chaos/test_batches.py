"""Short jobs, of which a child has several at a time: what becomes of those it has not begun."""

import os
import signal
import time

import psutil

from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import clock, row
from tests.chaos.probes import ended, enqueue, enqueue_many, running
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until

MANY = 600


def finished(jobs: list[Job]) -> int:
    return Job.objects.filter(pk__in=[job.pk for job in jobs], status="finished").count()


def crashes(jobs: list[Job]) -> int:
    """Of how many of these a process was lost."""
    return Job.objects.filter(pk__in=[job.pk for job in jobs], crashes__gt=0).count()


def test_36_short_jobs_do_not_wait_behind_a_long_one(new_worker: NewWorker, line: Line) -> None:
    before = enqueue_many(MANY, "noop")
    long = enqueue("run", {"seconds": 600})
    behind = enqueue_many(MANY, "noop")

    new_worker("--slots", 2).ready()
    wait_until(lambda: ended(*before, *behind))

    assert running(long)
    last = max(Job.objects.filter(type="probe_noop").values_list("finished_at", flat=True))
    line.measure("behind it", (last - running(long).started_at).total_seconds(), under=5)


def test_36_with_one_child_they_are_left_to_another_worker(
    new_worker: NewWorker, line: Line
) -> None:
    enqueue_many(MANY, "noop")
    long = enqueue("run", {"seconds": 600})
    behind = enqueue_many(200, "noop")
    new_worker("--slots", 1).ready()
    wait_until(lambda: running(long))

    new_worker("--slots", 1).ready()
    seen = clock()
    wait_until(lambda: ended(*behind))

    line.measure("by the other", (clock() - seen).total_seconds(), under=3)
    assert running(long)


def test_37_of_a_killed_child_only_what_it_ran_has_crashed(
    new_worker: NewWorker, line: Line
) -> None:
    first = enqueue_many(MANY, "noop")
    deadly = enqueue("end", {"how": "SIGKILL"})
    behind = enqueue_many(MANY, "noop")

    new_worker("--slots", 1).ready()
    wait_until(lambda: ended(*first, deadly, *behind))

    assert finished([*first, *behind]) == 2 * MANY
    assert crashes([*first, *behind]) == 0
    assert row(deadly).error["kind"] == "crashed"
    line.note(f"{2 * MANY} others, none crashed")


def test_38_a_job_that_kills_its_worker_takes_nobody_with_it(
    new_worker: NewWorker, line: Line
) -> None:
    """Those that waited in the same worker run alone from then on, and end well."""
    enqueue_many(MANY, "noop")
    deadly = enqueue("run", {"seconds": 600})
    behind = enqueue_many(100, "noop")
    short = {"JOBS_HEARTBEAT_SECONDS": 1, "JOBS_ALIVE_FOR_SECONDS": 3}

    for deaths in range(1, 5):
        worker = new_worker("--slots", 1, **short).ready()
        wait_until(lambda n=deaths: (run := running(deadly)) and run.lease == n)
        worker.kill()
    new_worker("--slots", 1, **short).ready()
    wait_until(lambda: ended(deadly, *behind))

    assert row(deadly).error["kind"] == "crashed"
    assert finished(behind) == 100
    line.note(f"4 workers died, {crashes(behind)} of 100 others were in one of them")


def test_39_a_worker_that_is_told_to_stop_gives_back_what_has_not_begun(
    new_worker: NewWorker, line: Line
) -> None:
    enqueue_many(MANY, "noop")
    jobs = enqueue_many(50, "sleep", {"seconds": 0.03})
    worker = new_worker("--slots", 1).ready()
    wait_until(lambda: finished(jobs) > 5)

    began = time.monotonic()
    assert worker.stop() == 0

    line.measure("stopped", time.monotonic() - began, under=2)
    left = Job.objects.exclude(status="finished")
    assert {(job.status, job.attempts, job.crashes) for job in left} == {("pending", 0, 0)}


def test_39_a_child_that_is_stopped_holds_up_none_of_those_behind(
    new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 2).ready()
    enqueue_many(MANY, "noop")
    wait_until(lambda: Job.objects.filter(status="finished").count() == MANY)
    child = next(
        process
        for process in psutil.Process(worker.pid).children()
        if process.pid != guard_of(worker.pid)
    )
    os.kill(child.pid, signal.SIGSTOP)
    behind = enqueue_many(MANY, "noop")
    began = clock()
    # One may be in its hands, and waits until its time is up.
    wait_until(lambda: finished(behind) >= MANY - 1)

    line.measure("the others", (clock() - began).total_seconds(), under=3)
    os.kill(child.pid, signal.SIGCONT)
    wait_until(lambda: ended(*behind))


def guard_of(worker: int) -> int:
    """The first that a worker forks."""
    return min(process.pid for process in psutil.Process(worker).children())
