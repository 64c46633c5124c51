"""Whether the rate stays, while dead rows gather and nobody vacuums by hand."""

from collections.abc import Iterator
from typing import NamedTuple

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.ours import dead_rows, drained, rate
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

JOBS = 200_000
FIRST = "ours, first tenth"
KEPT = {FIRST: Target("≥", 0.9)}
LAST = Question(f"{JOBS:,} jobs, the last tenth", "jobs/s", ratios=KEPT)
DEAD = Question(f"{JOBS:,} jobs, dead rows afterwards", "rows")


class Decay(NamedTuple):
    """Rates of the first tenth and of the last, and the dead rows afterwards."""

    first: float
    last: float
    dead: int


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    outcomes = ring.in_rounds([OURS], burned_down)
    yield from figures(LAST, outcomes, lambda decay: decay.last)
    yield from figures(LAST, outcomes, lambda decay: decay.first, who=FIRST)
    yield from figures(DEAD, outcomes, lambda decay: decay.dead)


def burned_down(ours: Contender) -> Decay:
    ours.load(JOBS)
    ends = drained(ours, JOBS)
    return Decay(rate(ends, 0, 0.1), rate(ends, 0.9, 1), dead_rows(ours))
