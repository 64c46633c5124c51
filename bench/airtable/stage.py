"""Where syncs run and are counted: a base, the way to it, and the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple
from unittest.mock import patch

from django.conf import settings
from django.test import override_settings

from airtable_sync import runs
from airtable_sync.client import Airtable
from airtable_sync.schema import expected_schema
from airtable_sync.table import TableSync
from bench.airtable import world
from bench.airtable.clock import SharedClock
from bench.airtable.network import Network
from bench.airtable.statements import Statements
from bench.airtable.syncs import pull, push
from standins.airtable import AirtableStandin

REQUESTS_PER_SECOND = 4  # that we allow ourselves; Airtable takes 5
ANSWER = 0.25  # seconds that each takes, unless it is said otherwise
NO_FUSE = 100  # percent
LATER = 60  # seconds


class Cost(NamedTuple):
    """Of something that was done."""

    requests: int  # those that were refused, too
    writes: int  # of the requests
    refusals: int
    arrivals: list[float]
    cells: int
    seconds: float
    statements: Statements


class Stage(NamedTuple):
    standin: AirtableStandin
    clock: SharedClock
    network: Network

    def cost(self, act: Callable[[], object]) -> Cost:
        counters, statements = self.standin.counters, Statements()
        requests, writes, refusals = counters.requests, counters.writes, counters.refusals
        cells, start = self.network.cells, self.clock.now()
        with statements.counted():
            act()
        return Cost(
            requests=counters.requests - requests,
            writes=counters.writes - writes,
            refusals=counters.refusals - refusals,
            arrivals=[asked.at for asked in counters.log[requests:]],
            cells=self.network.cells - cells,
            seconds=self.clock.now() - start,
            statements=statements,
        )

    def check_in_step(self, table: TableSync) -> None:
        """Or what was counted did not do its work."""
        if differing := world.differing(table, self.standin):
            raise RuntimeError(f"{differing} rows of {table.name} differ from their records.")


@contextmanager
def stage(
    *tables: TableSync, answer: float = ANSWER, on_the_way: float = 0, fuse: float = NO_FUSE
) -> Iterator[Stage]:
    """With networks of these tables, in step with their records."""
    clock = SharedClock()
    network = Network(clock, answer, on_the_way=on_the_way)
    with (
        AirtableStandin(expected_schema(), clock=clock.now) as standin,
        configured(standin, fuse),
        patch.object(runs, "Airtable", partial(Airtable, clock=clock)),
        network.connected(),
    ):
        world.forget_syncs()
        for table in tables:
            world.make(table)
            world.plant(table, standin)
            push(table)
            pull(table)
        # None of these requests is within a second of those that will be counted.
        clock.sleep(LATER)
        yield Stage(standin, clock, network)


def configured(standin: AirtableStandin, fuse: float) -> override_settings:
    ours = {
        "api_key": standin.key,
        "base": standin.base,
        "url": standin.url,
        "requests_per_second": REQUESTS_PER_SECOND,
        "fuse_percent": fuse,
    }
    return override_settings(AIRTABLE=settings.AIRTABLE | ours)
