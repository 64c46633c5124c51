"""A transaction that stays open elsewhere: what it costs, in a burn-down and under a steady load.

No row that has died since it began can be removed while it lasts, so the burn-down comes first: it
leaves what hours of a small load would leave.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.ours import dead_rows, drained, rate
from bench.queue.pacing import paced, percentile
from bench.queue.ring import Outcome, Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

JOBS, PER_SECOND = 50_000, 200
FREE = "ours, no transaction"
OPEN = "beside an open transaction"
# It reads no table, so that it locks none; dead rows are kept for it all the same.
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1"


class Load(NamedTuple):
    rate: float  # of the burn-down
    latencies: list[float]  # in ms
    dead: int  # rows, in the end


class Pair(NamedTuple):
    """The same twice: while somebody else keeps a transaction open, and without."""

    held: Load
    free: Load


RATE = Question(f"burn-down of {JOBS:,} jobs, {OPEN}", "jobs/s")
DEAD = Question(f"dead rows after both, {OPEN}", "rows")
LATENCIES = {
    percent: Question(f"latency, {PER_SECOND} jobs/s, {OPEN}, p{percent}", "ms")
    for percent in (50, 95, 99)
}


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    # Once: no target is about it, and it takes long.
    pairs = ring.in_turn([OURS], lambda ours: [held_and_free(ours, size.steady)])
    yield from both(RATE, pairs, lambda load: load.rate)
    for percent, question in LATENCIES.items():
        yield from both(question, pairs, partial(latency, percent=percent))
    yield from both(DEAD, pairs, lambda load: load.dead)


def both(
    question: Question, pairs: list[Outcome[Pair]], value: Callable[[Load], float]
) -> Iterator[Figure]:
    yield from figures(question, pairs, lambda pair: value(pair.held))
    yield from figures(question, pairs, lambda pair: value(pair.free), FREE)


def latency(load: Load, *, percent: int) -> float:
    return percentile(load.latencies, percent)


def held_and_free(ours: Contender, seconds: float) -> Pair:
    with held_open(ours):
        held = under_load(ours, seconds)
    return Pair(held, under_load(ours, seconds))


@contextmanager
def held_open(contender: Contender) -> Iterator[None]:
    """A transaction that sees the database as it is now, for as long as it lasts."""
    with contender.connect() as connection:
        connection.execute(SNAPSHOT)
        yield


def under_load(ours: Contender, seconds: float) -> Load:
    ours.load(JOBS)
    ends = drained(ours, JOBS)
    with ours.workers("soon", 1) as (worker,):
        paced(ours, worker, jobs=1, gap=0)  # until it is at work
        latencies = paced(ours, worker, int(seconds * PER_SECOND), 1 / PER_SECOND)
    return Load(rate(ends), latencies, dead_rows(ours))
