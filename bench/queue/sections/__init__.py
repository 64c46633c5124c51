"""The questions, by the names that the command line knows them by."""

from collections.abc import Callable, Iterator

from bench.queue.figures import Figure
from bench.queue.ring import Ring
from bench.queue.sections import (
    burn_down,
    decay,
    enqueue,
    growth,
    idle,
    kill,
    latency,
    lists,
    restart,
    statements,
    steady,
    tables,
)
from bench.queue.sizes import Size

SECTIONS: dict[str, Callable[[Ring, Size], Iterator[Figure]]] = {
    "burn-down": burn_down.measure,
    "statements": statements.measure,
    "latency": latency.measure,
    "enqueue": enqueue.measure,
    "tables": tables.measure,
    "decay": decay.measure,
    "steady": steady.measure,
    "idle": idle.measure,
    "lists": lists.measure,
    "kill": kill.measure,
    "restart": restart.measure,
    "growth": growth.measure,
}


def usual(size: Size) -> list[str]:
    """Those that are measured when none is asked for by name."""
    return [name for name in SECTIONS if name != "growth" or size.everything]
