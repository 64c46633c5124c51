"""Jobs enqueued one after the other at a steady pace, and how soon each of them starts."""

import time
from collections.abc import Iterable
from math import ceil

from bench.queue.contender import Contender
from bench.queue.processes import Failed, Process

LONGEST = 20  # seconds


def paced(contender: Contender, worker: Process, jobs: int, gap: float) -> list[float]:
    """Milliseconds from enqueueing to starting, in the order of starting."""
    contender.stamps.unlink(missing_ok=True)
    contender.errand("pace", jobs, gap)
    give_up = time.monotonic() + LONGEST
    while len(seen := stamps(contender)) < jobs:
        worker.check()
        if time.monotonic() > give_up:
            raise Failed(f"{len(seen)} of {jobs} jobs had started {LONGEST} s after the last one")
        time.sleep(0.1)
    return seen


def stamps(contender: Contender) -> list[float]:
    if not contender.stamps.exists():
        return []
    return [float(line) * 1_000 for line in contender.stamps.read_text().splitlines()]


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[ceil(len(ordered) * percent / 100) - 1]
