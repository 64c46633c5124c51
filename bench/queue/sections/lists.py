"""Whether a page of the list of jobs takes as long whatever the table holds."""

import json
import sys
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.ours import fill
from bench.queue.pages import PAGES
from bench.queue.processes import output_of
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

FEW, MANY = 1_000, 5_000_000
SMALL = f"ours, {FEW:,} rows"
MOST_QUERIES = Question("queries of the page with the most", "queries", target=Target("≤", 8))
# Of a hundred jobs.
FINISHED, IN_ERROR, PENDING = 94, 5, 1


class Round(NamedTuple):
    """Milliseconds for each page, on a small table and on a large one."""

    small: dict[str, float]
    large: dict[str, float]
    queries: int  # of the page with the most

    def on_small(self, page: str) -> float:
        return self.small[page]

    def on_large(self, page: str) -> float:
        return self.large[page]


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    outcomes = ring.in_turn([OURS], partial(rounds, ring))
    for name in PAGES:
        question = Question(
            f"{name}, {MANY:,} rows",
            "ms",
            ratios={SMALL: Target("≤", 5)},
            goal=f"a page of a list of {MANY:,} rows",
        )
        yield from figures(question, outcomes, partial(Round.on_large, page=name))
        yield from figures(question, outcomes, partial(Round.on_small, page=name), SMALL)
    yield from figures(MOST_QUERIES, outcomes, lambda one: one.queries)


def rounds(ring: Ring, _: Contender) -> list[Round]:
    contender = ring.contender(OURS, "lists")
    small, large = asked(contender, FEW), asked(contender, MANY)
    queries = max(count for _, count in [*small.values(), *large.values()])
    return [
        Round(
            {name: times[number] for name, (times, _) in small.items()},
            {name: times[number] for name, (times, _) in large.items()},
            queries,
        )
        for number in range(contender.rounds)
    ]


def asked(contender: Contender, rows: int) -> dict[str, tuple[list[float], int]]:
    """What bench/queue/pages.py says of a table with so many rows."""
    hundred = rows // 100
    fill(
        contender,
        {
            "finished": FINISHED * hundred,
            "in error": IN_ERROR * hundred,
            "pending": PENDING * hundred,
        },
    )
    said = output_of([sys.executable, "-m", "bench.queue.pages"], contender.environment)
    answers: dict[str, tuple[list[float], int]] = json.loads(said.splitlines()[-1])
    return answers
