"""How the rate of a burn-down depends on what else the table of jobs holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.ours import drained, fill, rate
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

EMPTY = "ours, nothing else"


@dataclass(frozen=True)
class Crowd:
    """Rows that are there before the burn-down begins."""

    rows: int
    state: str
    least: float  # of the rate without them

    @property
    def question(self) -> Question:
        text = f"burn-down beside {self.rows:,} {self.state} jobs"
        return Question(text, "jobs/s", ratios={EMPTY: Target("≥", self.least)})


CROWDS = [
    Crowd(1_000_000, "finished", 0.95),
    Crowd(500_000, "pending", 0.9),
    Crowd(100_000, "future", 0.95),
]


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    for crowd in CROWDS:
        outcomes = ring.in_turn([OURS], partial(in_pairs, ring, crowd))
        yield from figures(crowd.question, outcomes, lambda pair: pair[0])
        yield from figures(crowd.question, outcomes, lambda pair: pair[1], who=EMPTY)


def in_pairs(ring: Ring, crowd: Crowd, empty: Contender) -> list[tuple[float, float]]:
    """The rate beside the crowd and the rate without it, one after the other in each round."""
    crowded = ring.contender(OURS, "crowded")
    fill(crowded, {crowd.state: crowd.rows})
    return [(crowded_rate(crowded, crowd), empty_rate(empty)) for _ in range(empty.rounds)]


def crowded_rate(crowded: Contender, crowd: Crowd) -> float:
    if crowd.state != "pending":
        crowded.errand("load", OURS.jobs)
    crowded.tidy()
    return rate(drained(crowded, OURS.jobs))


def empty_rate(empty: Contender) -> float:
    empty.load(OURS.jobs)
    return rate(drained(empty, OURS.jobs))
