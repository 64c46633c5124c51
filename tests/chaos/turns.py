"""Whether the turns of a worker go on: its heartbeats, its memory, what it says of the database."""

import json
from collections.abc import Callable
from typing import Any

import psutil

from tests.chaos.database import ask
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker

# Its last heartbeat, wherever the rows of workers may be read just now.
SILENCE = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - seen_at)), 'infinity')::float
FROM job_workers WHERE id = %s
"""
LONGEST_SILENCE, MOST_MEMORY = 10, 500  # seconds, and MB: twice what a worker has with little to do


class Turns:
    """Those of a worker that is at work, looked at as long as a test waits for something."""

    def __init__(self, worker: Worker) -> None:
        self.worker, [row] = worker, worker.rows
        self.id = row.pk
        self.process = psutil.Process(worker.pid)
        self.longest = 0.0  # seconds without a heartbeat
        self.memory = 0  # the most bytes it had at any look

    def look(self) -> bool:
        self.longest = max(self.longest, ask(SILENCE, self.id))
        self.memory = max(self.memory, self.process.memory_info().rss)
        return True

    def until(self, condition: Callable[[], Any], *, seconds: float = 60, what: str = "") -> None:
        """Wait for it, which has to be true within so many seconds."""
        wait_until(lambda: self.look() and condition(), seconds=seconds, what=what)

    def went_on(self, line: Line) -> None:
        """It was never silent, never large, never without its database, and is the same worker."""
        line.measure("longest silence", self.longest, under=LONGEST_SILENCE)
        line.measure("memory", self.memory / 1e6, under=MOST_MEMORY, unit="MB")
        assert complaints(self.worker) == []
        assert [row.pk for row in self.worker.rows] == [self.id]


def complaints(worker: Worker) -> list[str]:
    """What the worker says of a database that does not do as it should."""
    return [said for said in messages(worker) if said.startswith("The database")]


def messages(worker: Worker) -> list[str]:
    """What the worker itself has logged."""
    lines = [json.loads(line) for line in worker.text.splitlines() if line.startswith("{")]
    return [line["message"] for line in lines if line["logger"] == "jobs.worker"]
