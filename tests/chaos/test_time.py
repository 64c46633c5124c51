"""Attempts that come when they should."""

from itertools import pairwise

from tests.chaos.conftest import NewWorker
from tests.chaos.database import row
from tests.chaos.probes import ended, enqueue, executions
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until


def test_25_a_job_that_fails_three_times_is_tried_after_its_back_off(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1).ready()
    job = enqueue("again", {"error": "ValueError"})

    wait_until(lambda: ended(job))

    job, runs = row(job), executions(job)
    assert (job.status, job.error["kind"], job.attempts) == ("error", "exception", 3)
    assert [entry["attempt"] for entry in job.errors] == [1, 2, 3]
    assert all("handlers.py" in entry["traceback"] for entry in job.errors)
    first, second = (b.started_at - a.ended_at for a, b in pairwise(runs))
    assert first.total_seconds() >= 0.8
    assert second.total_seconds() >= 1.6
    line.measure("first gap", first.total_seconds(), under=1.2 + 1)
    line.measure("second gap", second.total_seconds(), under=2.4 + 1)
