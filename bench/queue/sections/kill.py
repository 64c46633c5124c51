"""What a worker that lives loses when its neighbour is killed with its hands full.

Each of its own jobs takes a millisecond, so that its rate is that of two children kept busy: it
falls as soon as their worker is late, and neither sinks as the table ages nor rises for what
the dead leave of the processors. The neighbour runs other jobs, which do nothing and come only
right before it is killed.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.drain import one
from bench.queue.figures import Figure, Question, figures
from bench.queue.processes import Failed, Process, running
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

TIMES, SECONDS = 5, 20
SLOTS, JOBS, BURST = 2, 120_000, 40_000
FULL = SLOTS * 250  # nearly what its children may have
UNTIL_STEADY, LONGEST = 3, 15  # seconds
KILL = "a kill -9 of its neighbour"
BEFORE = Question(f"a worker, {SECONDS} s before {KILL}", "jobs/s")
AFTER = Question(f"a worker, {SECONDS} s after {KILL}", "jobs/s")
KEPT = Question(f"a worker's rate {SECONDS} s after {KILL} ÷ before", "×", target=Target("≥", 0.8))
IN_HAND = Question("jobs in the hands of that neighbour", "jobs")
FINISHED = """
SELECT count(*) FROM jobs
WHERE type = 'bench_pause' AND finished_at >= %s AND finished_at < %s + %s * interval '1 second'
"""
# Of the worker that is there for these.
HELD = "SELECT count(*) FROM jobs WHERE type = 'bench_noop' AND status = 'processing'"
LEFT = "SELECT count(*) FROM jobs WHERE type = 'bench_pause' AND status = 'pending'"


class Killed(NamedTuple):
    before: float  # jobs in a second
    after: float
    in_hand: int


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    outcomes = ring.in_turn([OURS], lambda ours: [killed(ours) for _ in range(TIMES)])
    yield from figures(BEFORE, outcomes, lambda killed: killed.before)
    yield from figures(AFTER, outcomes, lambda killed: killed.after)
    yield from figures(KEPT, outcomes, lambda killed: killed.after / killed.before)
    yield from figures(IN_HAND, outcomes, lambda killed: killed.in_hand)


def killed(ours: Contender) -> Killed:
    ours.load(JOBS)
    ours.execute("UPDATE jobs SET type = 'bench_pause'")
    ours.tidy()
    with worker(ours, "bench_pause", "bench_noop") as living, worker(ours, "bench_noop") as doomed:
        wait_for_work(ours, living)
        began = later(ours, living)
        with running([*ours.command, "load", str(BURST)], ours.environment):
            wait_for_full_hands(ours, doomed)
            doomed.popen.kill()
        in_hand = ours.ask(HELD)
        died = later(ours, living)
    if not ours.ask(LEFT):
        raise Failed(f"{JOBS:,} jobs were too few")
    before, after = (ours.ask(FINISHED, at, at, SECONDS) / SECONDS for at in (began, died))
    return Killed(before, after, in_hand)


def worker(ours: Contender, *types: str) -> AbstractContextManager[Process]:
    command = [sys.executable, "manage.py", "run_jobs", "--slots", str(SLOTS), "--types", *types]
    return running(command, ours.environment)


def wait_for_work(ours: Contender, worker: Process) -> None:
    """Until it has done some, and then a little."""
    left, give_up = ours.ask(LEFT), time.monotonic() + LONGEST
    while ours.ask(LEFT) == left and time.monotonic() < give_up:
        worker.check()
        time.sleep(0.1)
    time.sleep(UNTIL_STEADY)


def wait_for_full_hands(ours: Contender, worker: Process) -> None:
    give_up = time.monotonic() + LONGEST
    with ours.connect() as connection:
        while one(connection, HELD) < FULL:
            worker.check()
            if time.monotonic() > give_up:
                raise Failed(f"no worker had {FULL} jobs in hand within {LONGEST} s")


def later(ours: Contender, worker: Process) -> datetime:
    """When these seconds began, by the clock of the database."""
    began: datetime = ours.ask("SELECT clock_timestamp()")
    time.sleep(SECONDS)
    worker.check()
    return began
