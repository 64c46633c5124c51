"""How many jobs that do nothing are done in a second, and what each costs the database."""

from collections.abc import Iterator
from functools import partial

from bench.measurement import Target
from bench.queue.drain import drain
from bench.queue.figures import Figure, Question, figures
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import LOOPS, ORIGINAL, PGBENCH, PROCRASTINATE, QUEUES

RATIOS = {
    "each peer": Target("≥", 1),
    **{loop.name: Target("≥", 1) for loop in LOOPS},
    PROCRASTINATE.name: Target("≥", 50),
    ORIGINAL.name: Target("≥", 90),
}
RATE = {
    1: Question("burn-down, 1 worker", "jobs/s", ratios=RATIOS),
    2: Question("burn-down, 2 workers", "jobs/s", ratios=RATIOS),
}
COMMITS = Question("commits per job", "commits")
WAL = Question("WAL per job", "bytes")


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    for workers, question in RATE.items():
        # Two clients of pgbench would say what the server can do, not what a worker could.
        bounds = [*LOOPS, *PGBENCH] if workers == 1 else LOOPS
        outcomes = ring.in_rounds([*QUEUES, *bounds], partial(drain, workers=workers))
        yield from figures(question, outcomes, lambda drained: drained.rate)
        if workers == 1:
            yield from figures(COMMITS, outcomes, lambda drained: drained.commits)
            yield from figures(WAL, outcomes, lambda drained: drained.wal)
