"""Whether the rate stays, while dead rows gather and nobody vacuums by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.ours import drained, rate
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

JOBS, HELD_JOBS = 200_000, 50_000
FIRST, FREE = "ours, first tenth", "ours, no transaction"
KEPT = {FIRST: Target("≥", 0.9)}
LAST = Question(f"{JOBS:,} jobs, the last tenth", "jobs/s", ratios=KEPT)
DEAD = Question(f"{JOBS:,} jobs, dead rows afterwards", "rows")
HELD = Question(f"{HELD_JOBS:,} jobs, a transaction open", "jobs/s")
HELD_LAST = Question(f"{HELD_JOBS:,} jobs, the last tenth", "jobs/s")
HELD_DEAD = Question(f"{HELD_JOBS:,} jobs, dead rows afterwards", "rows")
# It reads no table, so that it locks none; dead rows are kept for it all the same.
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1"
DEAD_ROWS = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'jobs'"


class Decay(NamedTuple):
    """Rates of the first tenth, of the last tenth and of all."""

    first: float
    last: float
    all: float
    dead: int


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    alone = ring.in_rounds([OURS], lambda ours: burned_down(ours, JOBS))
    yield from figures(LAST, alone, lambda decay: decay.last)
    yield from figures(LAST, alone, lambda decay: decay.first, who=FIRST)
    yield from figures(DEAD, alone, lambda decay: decay.dead)
    pairs = ring.in_rounds([OURS], held_and_free)
    yield from figures(HELD, pairs, lambda pair: pair[0].all)
    yield from figures(HELD, pairs, lambda pair: pair[1].all, who=FREE)
    yield from figures(HELD_LAST, pairs, lambda pair: pair[0].last)
    yield from figures(HELD_LAST, pairs, lambda pair: pair[0].first, who=FIRST)
    yield from figures(HELD_DEAD, pairs, lambda pair: pair[0].dead)
    yield from figures(HELD_DEAD, pairs, lambda pair: pair[1].dead, who=FREE)


def held_and_free(ours: Contender) -> tuple[Decay, Decay]:
    """The same twice: while somebody else keeps a transaction open, and without."""
    with held_open(ours):
        held = burned_down(ours, HELD_JOBS)
    return held, burned_down(ours, HELD_JOBS)


def burned_down(ours: Contender, jobs: int) -> Decay:
    ours.load(jobs)
    ends = drained(ours, jobs)
    dead = int(ours.ask(DEAD_ROWS))
    return Decay(rate(ends, 0, 0.1), rate(ends, 0.9, 1), rate(ends), dead)


@contextmanager
def held_open(contender: Contender) -> Iterator[None]:
    """A transaction that sees the database as it is now, for as long as it lasts."""
    with contender.connect() as connection:
        connection.execute(SNAPSHOT)
        yield
