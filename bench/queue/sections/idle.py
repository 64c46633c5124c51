"""What a worker with nothing to do takes: queries, time and memory."""

import time
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]

from bench.measurement import Target
from bench.queue.contender import Contender
from bench.queue.figures import Figure, Question, figures
from bench.queue.postgres import PostgreSQL
from bench.queue.processes import Failed, Process
from bench.queue.ring import Ring
from bench.queue.sizes import Size
from bench.queue.statements import counted
from bench.queue.systems import OURS, QUEUES

SECONDS = 30
POLL, HEARTBEAT = 5, 4  # seconds, unless the settings say otherwise
MOST_QUERIES = SECONDS // POLL + 1 + SECONDS // HEARTBEAT + 1
UNTIL_CALM = 5  # seconds from its start
JOBS = 2_000
QUERIES = Question(
    f"idle worker, queries in {SECONDS} s", "queries", target=Target("≤", MOST_QUERIES)
)
CPU = Question("idle worker, all its processes", "% of a core", target=Target("≤", 0.5))
MAIN = Question("its main process", "MB", target=Target("≤", 60))
MAIN_OWN = Question("  of which it shares with nobody", "MB")
CHILD = Question("its largest child, before it has run a job", "MB", target=Target("≤", 90))
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
    queries: int
    cpu: float
    before: Worker
    after: Worker


def measure(ring: Ring, size: Size) -> Iterator[Figure]:
    systems = QUEUES if size.everybody else [OURS]
    outcomes = ring.in_turn(systems, partial(idle, ring.postgres))
    yield from figures(QUERIES, outcomes, lambda idle: idle.queries)
    yield from figures(CPU, outcomes, lambda idle: idle.cpu)
    yield from figures(MAIN, outcomes, lambda idle: idle.before.main.all)
    yield from figures(MAIN_OWN, outcomes, lambda idle: idle.before.main.own)
    yield from figures(MAIN_AFTER, outcomes, lambda idle: idle.after.main.all)
    parents = [one for one in outcomes if one.reason or one.got[0].before.child.all]
    yield from figures(CHILD, parents, lambda idle: idle.before.child.all)
    yield from figures(CHILD_OWN, parents, lambda idle: idle.before.child.own)
    yield from figures(CHILD_AFTER, parents, lambda idle: idle.after.child.all)


def idle(postgres: PostgreSQL, contender: Contender) -> list[Idle]:
    contender.empty()
    with counted(postgres, contender) as count, contender.workers("soon", 1) as (worker,):
        time.sleep(UNTIL_CALM)
        worker.check()
        before, used, sent = Worker.of(worker), cpu_seconds(worker), count()
        time.sleep(SECONDS)
        worker.check()
        used, sent = cpu_seconds(worker) - used, count() - sent
        run_some(contender)
        return [Idle(sent, used / SECONDS * 100, before, Worker.of(worker))]


def run_some(contender: Contender) -> None:
    contender.errand("load", JOBS)
    give_up = time.monotonic() + 60
    while contender.ask(contender.system.left):
        if time.monotonic() > give_up:
            raise Failed(f"{JOBS:,} jobs were not done within a minute")
        time.sleep(0.2)


def cpu_seconds(worker: Process) -> float:
    """Of the process and of all that are its children now."""
    main = psutil.Process(worker.pid)
    times = [process.cpu_times() for process in (main, *main.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))
