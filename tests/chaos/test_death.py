"""Children and workers that die, and what becomes of their jobs."""

import os
import signal

import psutil
import pytest

from jobs.models import Job
from tests.chaos.conftest import NewWorker
from tests.chaos.database import clock, row, sessions
from tests.chaos.probes import (
    all_run,
    ended,
    enqueue,
    enqueue_many,
    executions,
    running,
    statuses,
)
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker, is_there
from tests.probe.models import Execution


def test_03_a_killed_child_costs_its_job_no_attempt(new_worker: NewWorker, line: Line) -> None:
    job = enqueue("run", {"seconds": 600})
    new_worker("--slots", 1).ready()
    first = wait_until(lambda: running(job))

    os.kill(first.pid, signal.SIGKILL)
    killed_at = clock()
    second = wait_until(lambda: (run := running(job)) and run.lease == 2 and run)

    job = row(job)
    assert (job.status, job.lease, job.attempts, job.crashes) == ("processing", 2, 1, 1)
    assert second.pid != first.pid
    line.measure("runs again", (second.started_at - killed_at).total_seconds(), under=1)


def test_03_a_killed_child_leaves_its_slot_to_the_next_job(
    new_worker: NewWorker, line: Line
) -> None:
    job = enqueue("run", {"seconds": 600})
    new_worker("--slots", 1).ready()
    first = wait_until(lambda: running(job))
    urgent = enqueue("run", {"seconds": 600}, priority=1)

    os.kill(first.pid, signal.SIGKILL)
    killed_at = clock()
    run = wait_until(lambda: running(urgent))

    assert row(job).status == "pending"
    line.measure("slot back", (run.started_at - killed_at).total_seconds(), under=1)


def test_03_an_idle_child_that_is_killed_is_replaced(new_worker: NewWorker, line: Line) -> None:
    worker = new_worker("--slots", 1).ready()
    first = enqueue("run", {})
    wait_until(lambda: ended(first))
    [run] = executions(first)

    os.kill(run.pid, signal.SIGKILL)
    job = enqueue("run", {})
    wait_until(lambda: ended(job))

    assert row(job).status == "finished"
    assert row(job).crashes <= 1, "claimed in the moment of the kill, at worst"
    assert not worker.ended
    line.measure("next job", (row(job).started_at - row(job).created_at).total_seconds(), under=1)


def test_04_the_jobs_of_a_killed_worker_run_elsewhere(new_worker: NewWorker, line: Line) -> None:
    busy = new_worker("--slots", 4).ready()
    jobs = enqueue_many(4, "run", {"seconds": 600, "subprocess": True})
    wait_until(lambda: all_run(jobs))
    new_worker("--slots", 4).ready()
    family = busy.family()
    assert len(family) == 9, "a guard, 4 children, 4 subprocesses"

    busy.kill()
    killed_at = clock()

    wait_until(lambda: not any(map(is_there, family)), seconds=10)
    line.measure("children gone", (clock() - killed_at).total_seconds(), under=2)
    wait_until(lambda: Execution.objects.filter(lease=2).count() == 4)
    last = Execution.objects.latest("started_at").started_at
    line.measure("run elsewhere", (last - killed_at).total_seconds(), under=20)
    assert {(j.lease, j.attempts, j.crashes) for j in Job.objects.all()} == {(2, 1, 1)}


def test_05_a_stopped_worker_comes_back_as_a_new_one(new_worker: NewWorker, line: Line) -> None:
    stopped = new_worker("--slots", 2).ready()
    jobs = enqueue_many(2, "run", {"seconds": 15, "subprocess": True})
    wait_until(lambda: all_run(jobs))
    other = new_worker("--slots", 2).ready()
    family = stopped.family()
    [former] = stopped.rows

    stopped.signal(signal.SIGSTOP)
    stopped_at = clock()
    children = {process for process in family if process.pid != guard_of(family, jobs)}
    wait_until(lambda: not any(map(is_there, children)))
    gone_at = clock()
    former.refresh_from_db()
    assert gone_at < former.alive_until, "before the lease ends"
    line.measure("children gone", (gone_at - stopped_at).total_seconds(), under=12)
    wait_until(lambda: Execution.objects.filter(lease=2).count() == 2)
    last = Execution.objects.latest("started_at").started_at
    line.measure("run elsewhere", (last - stopped_at).total_seconds(), under=20)
    wait_until(lambda: (clock() - stopped_at).total_seconds() > 40, seconds=45)
    assert statuses(jobs) == {"finished": 2}
    before = list(Job.objects.order_by("pk").values())
    stopped.signal(signal.SIGCONT)
    wait_until(lambda: stopped.rows and stopped.rows[0].pk != former.pk)

    assert list(Job.objects.order_by("pk").values()) == before, "it writes nothing"
    other.stop()
    another = enqueue("run", {})
    wait_until(lambda: ended(another))
    assert row(another).status == "finished"


def test_05_a_worker_stopped_as_it_writes_holds_up_nobody(
    new_worker: NewWorker, line: Line
) -> None:
    short = {"JOBS_HEARTBEAT_SECONDS": 1, "JOBS_ALIVE_FOR_SECONDS": 3, "LOG_LEVEL": "WARNING"}
    stopped = new_worker("--slots", 2, **short).ready()
    jobs = enqueue_many(20_000, "noop")

    wait_until(lambda: stopped_as_it_writes(stopped))
    stopped_at = clock()
    new_worker("--slots", 2, **short)

    wait_until(lambda: not Job.objects.filter(finished_at=None).exists())
    line.measure("all jobs done", (clock() - stopped_at).total_seconds(), under=20)
    assert statuses(jobs) == {"finished": 20_000}
    stopped.signal(signal.SIGCONT)
    wait_until(lambda: stopped.rows)


def stopped_as_it_writes(worker: Worker) -> bool:
    """Stop it; and let it go on if it was not in the middle of a statement or a transaction."""
    worker.signal(signal.SIGSTOP)
    name = f"jobs worker {worker.pid}"
    if sessions(name, "idle in transaction") or sessions(name, "active"):
        return True
    worker.signal(signal.SIGCONT)
    return False


def guard_of(family: set[psutil.Process], jobs: list[Job]) -> int:
    """The one of the family that runs no job and is no subprocess of one."""
    runs = Execution.objects.filter(job__in=[job.pk for job in jobs])
    known = {pid for pair in runs.values_list("pid", "subprocess") for pid in pair}
    [guard] = {process.pid for process in family} - known
    return guard


def test_06_a_job_that_always_kills_its_process_ends_at_the_fourth_crash(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 2).ready()
    killer = enqueue("end", {"how": "SIGKILL"})
    others = enqueue_many(200, "run", {"seconds": 0.005})

    wait_until(lambda: ended(killer, *others))

    killer = row(killer)
    assert (killer.status, killer.error["kind"], killer.crashes) == ("error", "crashed", 4)
    assert killer.error["message"] == "The job was lost: its process was ended by SIGKILL."
    assert [run.lease for run in executions(killer)] == [1, 2, 3, 4]
    assert len(killer.errors) == 4
    assert statuses(others) == {"finished": 200}
    took = killer.finished_at - executions(killer)[0].started_at
    line.measure("4 crashes", took.total_seconds(), under=4)


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt", "MemoryError"])
def test_07_a_handler_that_raises_what_ends_programs_only_fails(
    new_worker: NewWorker, line: Line, error: str
) -> None:
    worker = new_worker("--slots", 1).ready()
    job = enqueue("raise", {"error": error})
    after = enqueue("run", {})

    wait_until(lambda: ended(job, after))

    job = row(job)
    assert (job.status, job.error["kind"], job.crashes) == ("error", "exception", 0)
    assert job.error["message"] == f"{error}: on purpose\\x00"
    assert "handlers.py" in job.error["traceback"]
    assert row(after).status == "finished"
    assert not worker.ended


CRASHES = {
    "exit": "its process ended with exit code 0",
    "segfault": "its process was ended by SIGSEGV",
}


@pytest.mark.parametrize("how", CRASHES)
def test_07_a_handler_that_ends_its_process_crashes_in_the_end(
    new_worker: NewWorker, line: Line, how: str
) -> None:
    worker = new_worker("--slots", 1).ready()
    job = enqueue("end", {"how": how})
    after = enqueue("run", {})

    wait_until(lambda: ended(job, after))

    job = row(job)
    assert (job.status, job.error["kind"], job.crashes) == ("error", "crashed", 4)
    assert job.error["message"] == f"The job was lost: {CRASHES[how]}."
    assert row(after).status == "finished"
    assert not worker.ended


def test_08_the_only_worker_killed_and_started_again_takes_up_its_jobs(
    new_worker: NewWorker, line: Line
) -> None:
    jobs = enqueue_many(2, "run", {"seconds": 600})
    first = new_worker("--slots", 2)
    wait_until(lambda: all_run(jobs))

    first.kill()
    killed_at = clock()
    new_worker("--slots", 2)
    wait_until(lambda: Execution.objects.filter(lease=2).count() == 2)

    last = Execution.objects.latest("started_at").started_at
    line.measure("run again", (last - killed_at).total_seconds(), under=20)
    assert {(j.lease, j.attempts, j.crashes) for j in Job.objects.all()} == {(2, 1, 1)}
