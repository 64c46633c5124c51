"""What handlers do that their authors did not think of."""

import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.chaos.conftest import NewWorker
from tests.chaos.database import row, rows
from tests.chaos.probes import all_run, ended, enqueue, enqueue_many, statuses
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until

TRIPPED = {
    "a payload model": ("error", "SystemExit: no model"),
    "a result model": ("error", "SystemExit: no model"),
    "an exception": ("error", "NothingToAsk: (its message cannot be shown: SystemExit)"),
    "a log call": ("finished", None),
    "an exit handler": ("finished", None),
}


@pytest.mark.parametrize("over", TRIPPED)
def test_52_what_a_project_passes_in_fails_its_own_job_alone(
    new_worker: NewWorker, line: Line, over: str
) -> None:
    before = list(enqueue_many(5, "run"))
    tripped = enqueue("trip", {"over": over})
    after = list(enqueue_many(5, "run"))
    worker = new_worker("--slots", 1, JOBS_CHILD_MAX_JOBS=4)

    wait_until(lambda: ended(tripped, *before, *after))

    job = row(tripped)
    assert (job.status, job.error and job.error["message"]) == TRIPPED[over]
    assert statuses([*before, *after]) == {"finished": 10}
    assert {job.crashes for job in rows([tripped, *before, *after])} == {0}
    assert worker.stop() == 0


def test_53_the_next_job_sees_nothing_of_what_one_has_changed(
    new_worker: NewWorker, line: Line
) -> None:
    first, spoiling, next_one = enqueue("look"), enqueue("spoil"), enqueue("look")

    new_worker("--slots", 1)
    wait_until(lambda: ended(first, spoiling, next_one))

    assert row(spoiling).error is None
    assert row(next_one).result == row(first).result


@pytest.mark.parametrize("jobs_a_child", [1, 1000])
def test_54_what_jobs_send_as_their_processes_exit_arrives(
    new_worker: NewWorker, line: Line, tmp_path: Path, jobs_a_child: int
) -> None:
    said = tmp_path / "said"
    jobs = list(enqueue_many(10, "say_as_it_exits"))
    worker = new_worker("--slots", 2, PROBE_SAID=said, JOBS_CHILD_MAX_JOBS=jobs_a_child)
    wait_until(lambda: ended(*jobs))

    assert worker.stop() == 0

    expected = Counter([*(str(job.pk) for job in jobs), "the worker"])
    assert Counter(said.read_text().split("\n")[:-1]) == expected


@pytest.mark.parametrize("first", ["the worker", "the others"])
def test_55_a_sigterm_to_every_process_fails_no_job(
    new_worker: NewWorker, line: Line, first: str
) -> None:
    jobs = list(enqueue_many(3, "wait_for_a_subprocess"))
    worker = new_worker("--slots", 3, "--grace", 20).ready()
    wait_until(lambda: all_run(jobs))
    wait_until(lambda: len(worker.family()) == 1 + 2 * len(jobs))
    others = worker.family()

    if first == "the worker":
        worker.signal(signal.SIGTERM)
    for process in others:
        process.send_signal(signal.SIGTERM)
    if first == "the others":
        worker.signal(signal.SIGTERM)
    worker.until_empty()

    assert statuses(jobs) == {"pending": 3}
    found = {(job.attempts, job.crashes, len(job.errors)) for job in rows(jobs)}
    assert found == {(0, 0, 0)}


def test_55_a_worker_that_adopts_orphans_leaves_no_zombie(
    new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 2, PROBE_ADOPTS=1).ready()
    jobs = list(enqueue_many(20, "leave_orphans"))
    wait_until(lambda: ended(*jobs))

    wait_until(lambda: not adopted(worker.pid), what="all orphans reaped")

    assert statuses(jobs) == {"finished": 20}
    assert worker.stop() == 0


def adopted(pid: int) -> list[psutil.Process]:
    """What is left of the orphans: living ones of a shell, and all that have ended."""
    left = []
    for child in psutil.Process(pid).children():
        with suppress(psutil.NoSuchProcess):  # it has been reaped since
            if child.status() == psutil.STATUS_ZOMBIE or child.name() == "sleep":
                left.append(child)
    return left
