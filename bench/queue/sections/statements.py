"""How many statements are sent for a job, where there are many."""

from collections.abc import Iterator
from functools import partial

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.drain import watched
from bench.queue.figures import Figure, Question, figures
from bench.queue.postgres import PostgreSQL
from bench.queue.processes import Failed
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.statements import counted
from bench.queue.systems import QUEUES

QUESTION = Question("statements per job", "statements", target=Target("≤", 0.1))


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    outcomes = ring.in_turn(QUEUES, partial(per_job, ring.postgres))
    yield from figures(QUESTION, outcomes, float)


def per_job(postgres: PostgreSQL, contender: Contender) -> list[float]:
    """Of one worker, its beginning and its end included."""
    system = contender.system
    contender.load(system.jobs)
    with contender.connect() as connection, counted(postgres, contender) as count:
        with contender.workers(system.many, 1) as processes:
            looks = watched(connection, system.left, processes)
        if not (done := system.jobs - looks[-1].left):
            raise Failed("it was not seen at work")
        return [count() / done]
