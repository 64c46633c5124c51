"""How the rate of a burn-down depends on what else the table of jobs holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.ours import drained, fill, rate
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

JOBS = 100_000
NOTHING, EMPTY = "nothing", "ours, nothing else"
Rates = dict[str, float]  # by what else the table holds


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
    outcomes = ring.in_turn([OURS], partial(rounds, ring))
    for crowd in CROWDS:
        yield from figures(crowd.question, outcomes, itemgetter(crowd.state))
        yield from figures(crowd.question, outcomes, itemgetter(NOTHING), who=EMPTY)


def rounds(ring: Ring, empty: Contender) -> list[Rates]:
    """The rate beside each crowd and the rate without any, one after the other in each round."""
    crowded = {crowd.state: ring.contender(OURS, crowd.state) for crowd in CROWDS}
    for crowd in CROWDS:
        fill(crowded[crowd.state], {crowd.state: crowd.rows})
    return [
        {NOTHING: alone(empty), **{state: beside(one) for state, one in crowded.items()}}
        for _ in range(empty.rounds)
    ]


def alone(empty: Contender) -> float:
    empty.empty()
    return beside(empty)


def beside(contender: Contender) -> float:
    """As many jobs are added as are done, so that the crowd stays as large as it is."""
    contender.errand("load", JOBS)
    contender.tidy()
    return rate(drained(contender, JOBS))
