"""How many jobs are enqueued in a second: one by one, and in lists."""

import json
from collections.abc import Iterator
from operator import itemgetter

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import LOOPS, QUEUES

BARE = LOOPS[0]
INSERT, COPY = "INSERT and NOTIFY", "COPY"
QUESTIONS = {
    1: Question("enqueue one by one", "jobs/s", ratios={INSERT: Target("≥", 0.7)}),
    100: Question("enqueue lists of 100", "jobs/s", ratios={"each peer": Target("≥", 1)}),
    1_000: Question("enqueue lists of 1,000", "jobs/s", ratios={"each peer": Target("≥", 1)}),
    10_000: Question("enqueue lists of 10,000", "jobs/s", ratios={"each peer": Target("≥", 2)}),
}
Rates = dict[int, float]  # by the size of the list


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    outcomes = ring.in_turn([*QUEUES, BARE], rates)
    for length, question in QUESTIONS.items():
        for outcome in outcomes:
            if outcome.reason or length in outcome.got[0]:  # some take no lists
                who = "" if outcome.system is not BARE else INSERT if length == 1 else COPY
                yield from figures(question, [outcome], itemgetter(length), who)


def rates(contender: Contender) -> list[Rates]:
    """Of each round."""
    contender.empty()
    said = json.loads(contender.errand("enqueue", *QUESTIONS).splitlines()[-1])
    rounds = zip(*said.values(), strict=True)
    return [dict(zip(map(int, said), values, strict=True)) for values in rounds]
