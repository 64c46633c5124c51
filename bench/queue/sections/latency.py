"""How long it takes from the call that enqueues a job to the first line of its handler."""

from collections.abc import Iterator
from functools import partial

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.pacing import paced, percentile
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import LISTEN, QUEUES

GAPS = {"idle": 0.03, "100 jobs/s": 0.01}  # seconds between two jobs
PERCENTILES = 50, 95, 99
SOONER = {"each peer": Target("≤", 1)}
TARGETS = {("idle", 50): SOONER, ("idle", 99): SOONER}
Latencies = dict[str, list[float]]  # of each load


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    outcomes = ring.in_turn([*QUEUES, LISTEN], lambda contender: rounds(contender, size.paced))
    for load in GAPS:
        for percent in PERCENTILES:
            ratios = TARGETS.get((load, percent), {})
            question = Question(f"latency, {load}, p{percent}", "ms", ratios=ratios)
            value = partial(of_load, load=load, percent=percent)
            yield from figures(question, outcomes, value)


def rounds(contender: Contender, jobs: int) -> list[Latencies]:
    contender.empty()
    with contender.workers("soon", 1) as (worker,):
        paced(contender, worker, jobs=1, gap=0)  # until it is at work
        of_load = {
            load: paced(contender, worker, jobs * contender.rounds, gap)
            for load, gap in GAPS.items()
        }
    return [
        {load: ms[start : start + jobs] for load, ms in of_load.items()}
        for start in range(0, jobs * contender.rounds, jobs)
    ]


def of_load(latencies: Latencies, *, load: str, percent: int) -> float:
    return percentile(latencies[load], percent)
