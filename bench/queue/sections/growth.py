"""How the cost of a job grows with what the table holds, with workers and with what it carries."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from bench.queue import cpu
from bench.queue.contender import Contender
from bench.queue.drain import Look, steady, watched
from bench.queue.figures import Figure, Question, figures
from bench.queue.ours import fill
from bench.queue.postgres import PostgreSQL
from bench.queue.ring import Outcome, Ring
from bench.queue.sizes import Size
from bench.queue.systems import OURS

HISTORY = [0, 100_000, 1_000_000]  # finished jobs
BACKLOG = [10_000, 100_000, 500_000]  # pending jobs
WORKERS = [1, 2, 4]
# Bytes. The largest is a little less than a job may have, for it comes with the name of its field.
TEXTS = {
    "10 B": 10,
    "100 B": 100,
    "1 kB": 1_000,
    "10 kB": 10_000,
    "100 kB": 100_000,
    "1 MB": 999_900,
}
JOBS, MOST_BYTES = 50_000, 200_000_000  # of each burn-down
PAUSE = 0.02  # seconds between two looks: the smallest burn-down is over soon


class Cost(NamedTuple):
    rate: float  # jobs in a second
    workers: float  # µs of CPU for each job
    server: float  # the same, of PostgreSQL; 0 where we cannot see it


class Case(NamedTuple):
    """One burn-down: what is there before, and what is done then."""

    who: str
    fill: Callable[[Contender], None]  # once
    load: Callable[[Contender], None]  # before each round
    jobs: int = JOBS
    workers: int = 1


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    cases = {"history": history(), "backlog": backlog(), "workers": workers(), "payload": texts()}
    for what, ones in cases.items():
        outcomes = [(one, ring.in_turn([OURS], partial(costs, ring.postgres, one))) for one in ones]
        yield from answers(f"by {what}, burn-down", "jobs/s", outcomes, lambda cost: cost.rate)
        yield from answers(
            f"by {what}, CPU of workers per job", "µs", outcomes, lambda cost: cost.workers
        )
        if ring.postgres.private:
            yield from answers(
                f"by {what}, CPU of PostgreSQL per job", "µs", outcomes, lambda cost: cost.server
            )
        if what == "payload":
            yield from volumes(outcomes)


Outcomes = list[tuple[Case, list[Outcome[Cost]]]]


def answers(
    text: str, unit: str, outcomes: Outcomes, value: Callable[[Cost], float]
) -> Iterator[Figure]:
    question = Question(text, unit)
    for case, outcome in outcomes:
        yield from figures(question, outcome, value, case.who)


def volumes(outcomes: Outcomes) -> Iterator[Figure]:
    question = Question("by payload, volume", "MB/s")
    for (_, outcome), (who, size) in zip(outcomes, TEXTS.items(), strict=True):
        yield from figures(question, outcome, partial(volume, size=size), who)


def volume(cost: Cost, *, size: int) -> float:
    return cost.rate * size / 1e6


def history() -> Iterable[Case]:
    for rows in HISTORY:
        yield Case(f"{rows:,} finished", partial(fill, rows={"finished": rows}), add)


def backlog() -> Iterable[Case]:
    for rows in BACKLOG:
        again = partial(fill, rows={"pending": rows})
        yield Case(f"{rows:,} pending", nothing, again, jobs=min(rows, JOBS))


def workers() -> Iterable[Case]:
    for count in WORKERS:
        who = f"{count} worker{'s' * (count > 1)}"
        yield Case(who, Contender.empty, add, workers=count)


def texts() -> Iterable[Case]:
    for who, size in TEXTS.items():
        jobs = min(JOBS, MOST_BYTES // size)
        yield Case(who, nothing, partial(replace_by_texts, jobs=jobs, size=size), jobs=jobs)


def nothing(_: Contender) -> None:
    pass


def add(ours: Contender) -> None:
    ours.errand("load", JOBS)
    ours.tidy()


def replace_by_texts(ours: Contender, *, jobs: int, size: int) -> None:
    ours.empty()
    ours.errand("texts", jobs, size)
    ours.tidy()


def costs(postgres: PostgreSQL, case: Case, ours: Contender) -> list[Cost]:
    """Of each round."""
    case.fill(ours)
    return [cost(postgres, case, ours) for _ in range(ours.rounds)]


def cost(postgres: PostgreSQL, case: Case, ours: Contender) -> Cost:
    case.load(ours)
    pending = int(ours.ask(OURS.left))
    with ours.connect() as connection, ours.workers("many", case.workers) as processes:

        def used() -> tuple[float, float]:
            of_workers = sum(map(cpu.of_worker, processes))
            return of_workers, cpu.of_server(postgres.private) if postgres.private else 0

        looks = watched(
            connection, OURS.left, processes, until=pending - case.jobs, pause=PAUSE, used=used
        )
    return cost_of(case.jobs, pending - case.jobs, looks)


def cost_of(jobs: int, others: int, looks: list[Look]) -> Cost:
    """Without the start of the workers, and without the jobs that are not waited for."""
    ahead = [look._replace(left=max(0, look.left - others)) for look in looks]
    first, last = steady(jobs, ahead)
    done = first.left - last.left
    return Cost(
        rate=done / (last.at - first.at),
        workers=(last.workers - first.workers) / done * 1e6,
        server=(last.server - first.server) / done * 1e6,
    )
