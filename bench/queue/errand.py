"""What every system is asked to do, on the command line of a process in its own environment.

    setup                make its tables
    load JOBS            enqueue so many no-op jobs, as fast as it can
    texts JOBS SIZE      the same, each with a text of so many bytes; only ours is asked
    enqueue SIZE ...     enqueue lists of each size for a while; print how many jobs in a second
    pace JOBS GAP        enqueue jobs that stamp their start, GAP seconds apart
    work HOW WORKERS     run jobs, as one of so many workers: `many` at once, or each one `soon`

It asks for nothing but Python, for it is imported in the environments of all peers.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

LIST = 1_000  # jobs enqueued at once by `load`
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = 0.5  # of each run of `enqueue`


def do(system: Any) -> None:
    """Do the errand with a system whose methods are ordinary functions."""
    for _ in calls(system):
        pass


async def do_async(system: Any) -> None:
    """Do the errand with a system whose methods are coroutines."""
    for call in calls(system):
        await call


def calls(system: Any) -> Iterator[Any]:
    """One call of the system after another, to be awaited where it is a coroutine."""
    what, *words = sys.argv[1:]
    match what:
        case "setup":
            yield system.setup()
        case "load":
            yield from load(system, int(words[0]))
        case "texts":
            yield system.enqueue_texts(int(words[0]), int(words[1]))
        case "enqueue":
            yield from enqueue(system, [int(word) for word in words])
        case "pace":
            yield from pace(system, int(words[0]), float(words[1]))
        case "work":
            yield system.work(words[0], int(words[1]))


def load(system: Any, jobs: int) -> Iterator[Any]:
    many = bulk(system)
    for first in range(0, jobs, LIST):
        numbers = range(first, min(first + LIST, jobs))
        if many:
            yield many(list(numbers))
        else:
            yield from map(system.enqueue, numbers)


def enqueue(system: Any, sizes: list[int]) -> Iterator[Any]:
    rates: dict[int, list[float]] = {}
    many = bulk(system)
    for size in sizes:
        if size == 1:
            yield from timed(rates, size, partial(system.enqueue, 0))
        elif many:
            yield from timed(rates, size, partial(many, list(range(size))))
    print(json.dumps(rates))


def timed(rates: dict[int, list[float]], size: int, call: Callable[[], Any]) -> Iterator[Any]:
    yield call()  # what it does once only is not counted
    for _ in range(ROUNDS):
        began, done = time.perf_counter(), 0
        while (took := time.perf_counter() - began) < SECONDS:
            yield call()
            done += size
        rates.setdefault(size, []).append(done / took)


def pace(system: Any, jobs: int, gap: float) -> Iterator[Any]:
    for _ in range(jobs):
        at = time.time()
        yield system.enqueue_stamp(at)
        time.sleep(max(0, at + gap - time.time()))


def bulk(system: Any) -> Callable[[list[int]], Any] | None:
    """How it enqueues a list, if it can."""
    many: Callable[[list[int]], Any] | None = getattr(system, "enqueue_many", None)
    return many


def stamp(at: float) -> None:
    """Say how long ago the job was enqueued: the first thing that its handler does."""
    now = time.time()
    # Opened anew each time, for it may be another process each time; one write is one line.
    file = os.open(os.environ["BENCH_STAMPS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b"%.6f\n" % (now - at))
    os.close(file)
