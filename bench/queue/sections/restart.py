"""Whether a worker is as fast after a restart of PostgreSQL as it was before."""

import time
from collections.abc import Iterator
from typing import NamedTuple

from bench.queue.contender import Contender
from bench.queue.environments import say
from bench.queue.figures import Figure, Question, figures
from bench.queue.ours import ends_since, rate
from bench.queue.postgres import PostgreSQL
from bench.queue.processes import Failed
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

JOBS, DOWN = 150_000, 2  # jobs, and seconds without a database
BEFORE, LONGEST = 2, 30  # seconds that it works before, and may take from then on
AFTER = Question("burn-down, after a restart of PostgreSQL", "jobs/s")
AGAIN = Question(f"at work again, after {DOWN} s without it", "s")
WAS = "ours, before"


class Restarted(NamedTuple):
    before: float
    after: float
    seconds: float  # from the start of the server to the next job that ends


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    if ring.postgres.private is None:
        say("  Only a server of the benchmark's own is restarted.")
        return
    # Once: no target is about it.
    outcomes = ring.in_turn([OURS], lambda ours: [restarted(ring.postgres, ours)])
    yield from figures(AFTER, outcomes, lambda one: one.after)
    yield from figures(AFTER, outcomes, lambda one: one.before, who=WAS)
    yield from figures(AGAIN, outcomes, lambda one: one.seconds)


def restarted(postgres: PostgreSQL, ours: Contender) -> Restarted:
    ours.load(JOBS)
    began = ours.ask("SELECT clock_timestamp()")
    with ours.workers("many", 1) as (worker,):
        while not ends_since(ours, began):
            worker.check()
            time.sleep(0.1)
        time.sleep(BEFORE / 2)
        stopped = time.time()
        postgres.restart(down=DOWN)
        started = time.time()
        while ours.ask(OURS.left) and time.time() < started + LONGEST:
            worker.check()
            time.sleep(0.5)
    ends = ends_since(ours, began)
    before, after = ([at for at in ends if at <= stopped], [at for at in ends if at > started])
    if len(after) < 2:
        raise Failed(f"it did not go on within {LONGEST} s")
    return Restarted(rate(before), rate(after), after[0] - started)
