"""A burn-down: workers on a table full of jobs that do nothing, until none is left."""

import time
from collections.abc import Callable
from typing import NamedTuple

from bench.queue.contender import Contender
from bench.queue.postgres import Connection
from bench.queue.processes import Failed, Process

LONGEST = 20  # seconds; what is slower is measured as far as it comes
# Of what is counted, since the second of two workers may still be starting.
NOT_COUNTED = 0.2
# Seconds between two looks at the table, and how much longer than a look itself that is at least:
# a look that costs something, of a table with many rows, is not taken often.
PAUSE, PAUSE_PER_LOOK = 0.05, 20
COSTS = """
SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
       pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')
"""


class Drained(NamedTuple):
    rate: float  # jobs in a second
    commits: float  # for each job
    wal: float  # bytes for each job


class Look(NamedTuple):
    at: float
    left: int
    # Seconds of CPU so far, where somebody asks for them.
    workers: float = 0
    server: float = 0


def drain(contender: Contender, workers: int) -> Drained:
    """The jobs of the system's usual burn-down, by so many workers."""
    jobs = contender.system.jobs
    contender.load(jobs)
    with contender.connect() as connection:
        commits, wal = costs(connection)
        with contender.workers(contender.system.many, workers) as processes:
            looks = watched(connection, contender.system.left, processes)
        all_commits, all_wal = costs(connection)
    if not looks[-1].left:
        check(contender, jobs)
    done = jobs - looks[-1].left
    # The server counts ours a little late.
    its_commits = max(0, all_commits - commits - len(looks))
    return Drained(rate(jobs, looks), its_commits / done, (all_wal - wal) / done)


def watched(
    connection: Connection,
    question: str,
    workers: list[Process],
    *,
    until: int = 0,
    pause: float = PAUSE,
    used: Callable[[], tuple[float, ...]] = tuple,
) -> list[Look]:
    """How many are left, again and again until so few are, or it has taken long enough."""
    began = time.monotonic()
    looks: list[Look] = []
    while not looks or looks[-1].left > until:
        for worker in workers:
            worker.check()
        at = time.monotonic()
        looks.append(Look(at, one(connection, question), *used()))
        if at > began + LONGEST:
            break
        time.sleep(max(pause, PAUSE_PER_LOOK * (time.monotonic() - at)))
    return looks


def rate(jobs: int, looks: list[Look]) -> float:
    first, last = steady(jobs, looks)
    return (first.left - last.left) / (last.at - first.at)


def steady(jobs: int, looks: list[Look]) -> tuple[Look, Look]:
    """Two looks, both of which saw work go on: neither start nor end is between them."""
    begun = [look for look in looks if look.left < jobs]
    if len(begun) < 2:
        raise Failed("it was not seen at work twice")
    counted = [look for look in begun if 0 < look.left <= jobs * (1 - NOT_COUNTED)]
    # What is seen too seldom, or does not come far, is measured as long as it was seen at work.
    first, *_, last = counted if len(counted) > 5 else begun
    if first.left == last.left:
        raise Failed("it was not seen at work twice")
    return first, last


def costs(connection: Connection) -> tuple[float, float]:
    """Commits and bytes of WAL so far."""
    row = connection.execute(COSTS).fetchone()
    assert row
    return float(row[0]), float(row[1])


def check(contender: Contender, jobs: int) -> None:
    """A rate counts only if each job was done, as far as the system keeps what it did."""
    if contender.system.done and (done := contender.ask(contender.system.done)) != jobs:
        raise Failed(f"{done:,} of {jobs:,} jobs ended well")


def one(connection: Connection, question: str) -> int:
    row = connection.execute(question).fetchone()
    assert row
    return int(row[0])
