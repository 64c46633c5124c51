"""What a worker with nothing to do takes: queries, time and memory."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]

from bench.measurement import Target
from bench.queue import cpu
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.postgres import PostgreSQL
from bench.queue.processes import Failed, Process
from bench.queue.ring import Outcome, Ring
from bench.queue.sizes import Size
from bench.queue.statements import CannotBeCounted, counted
from bench.queue.systems import OURS, QUEUES

SECONDS = 30
POLL, HEARTBEAT = 5, 4  # seconds, unless the settings say otherwise
MOST_QUERIES = SECONDS // POLL + 1 + SECONDS // HEARTBEAT + 1
LONGEST_START, UNTIL_CALM = 10, 5  # seconds
JOBS = 2_000
QUERIES = Question(
    f"idle worker, queries in {SECONDS} s", "queries", target=Target("≤", MOST_QUERIES)
)
CPU = Question("idle worker, all its processes", "% of a core", target=Target("≤", 0.5))
MAIN = Question("idle worker, its main process", "MB", target=Target("≤", 60))
MAIN_OWN = Question("  of which it shares with nobody", "MB")
CHILD = Question(
    "idle worker, its largest child, before it has run a job", "MB", target=Target("≤", 90)
)
CHILD_OWN = Question("  of which it shares with nobody", "MB")
MAIN_AFTER = Question(f"its main process, after {JOBS:,} jobs", "MB")
CHILD_AFTER = Question(f"its largest child, after {JOBS:,} jobs", "MB")


class Memory(NamedTuple):
    """In MB: all of it, and what no other process has."""

    all: float = 0
    own: float = 0

    @classmethod
    def of(cls, process: psutil.Process) -> "Memory":
        used = process.memory_full_info()
        return cls(used.rss / 1e6, used.uss / 1e6)


class Worker(NamedTuple):
    main: Memory
    child: Memory  # the largest

    @classmethod
    def of(cls, worker: Process) -> "Worker":
        main = psutil.Process(worker.pid)
        children = [Memory.of(child) for child in main.children(recursive=True)]
        return cls(Memory.of(main), max(children, default=Memory()))


class Idle(NamedTuple):
    queries: int | str  # or why they cannot be counted
    cpu: float
    before: Worker
    after: Worker


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    systems = QUEUES if size.everything else [OURS]
    outcomes = ring.in_turn(systems, partial(idle, ring.postgres))
    yield from figures(QUERIES, map(counts, outcomes), float)
    yield from figures(CPU, outcomes, lambda idle: idle.cpu)
    yield from figures(MAIN, outcomes, lambda idle: idle.before.main.all)
    yield from figures(MAIN_OWN, outcomes, lambda idle: idle.before.main.own)
    yield from figures(MAIN_AFTER, outcomes, lambda idle: idle.after.main.all)
    parents = [one for one in outcomes if one.system is OURS or has_children(one)]
    yield from figures(CHILD, parents, lambda idle: idle.before.child.all)
    yield from figures(CHILD_OWN, parents, lambda idle: idle.before.child.own)
    yield from figures(CHILD_AFTER, parents, lambda idle: idle.after.child.all)


def has_children(outcome: Outcome[Idle]) -> bool:
    return bool(outcome.reason or outcome.got[0].before.child.all)


def counts(outcome: Outcome[Idle]) -> Outcome[int]:
    """The queries of the same, or why there is no figure of them."""
    known = [one.queries for one in outcome.got if isinstance(one.queries, int)]
    unknown = [one.queries for one in outcome.got if isinstance(one.queries, str)]
    return Outcome(outcome.system, known, outcome.reason or "".join(unknown))


def idle(postgres: PostgreSQL, contender: Contender) -> list[Idle]:
    contender.empty()
    try:
        with counted(postgres, contender) as count:
            return [watched(contender, count)]
    except CannotBeCounted as reason:
        return [watched(contender)._replace(queries=str(reason))]


def watched(contender: Contender, count: Callable[[], int] = lambda: 0) -> Idle:
    with contender.workers("soon", 1) as (worker,):
        wait_for_children(worker)
        time.sleep(UNTIL_CALM)
        worker.check()
        before, used, sent = Worker.of(worker), cpu.of_worker(worker), count()
        time.sleep(SECONDS)
        worker.check()
        used, sent = cpu.of_worker(worker) - used, count() - sent
        run_some(contender, worker)
        return Idle(sent, used / SECONDS * 100, before, Worker.of(worker))


def wait_for_children(worker: Process) -> None:
    """A while, for not every system has any."""
    give_up = time.monotonic() + LONGEST_START
    while not psutil.Process(worker.pid).children() and time.monotonic() < give_up:
        worker.check()
        time.sleep(0.1)


def run_some(contender: Contender, worker: Process) -> None:
    contender.errand("load", JOBS)
    give_up = time.monotonic() + 60
    while contender.ask(contender.system.left):
        worker.check()
        if time.monotonic() > give_up:
            raise Failed(f"{JOBS:,} jobs were not done within a minute")
        time.sleep(0.2)
