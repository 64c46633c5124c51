"""A stand-in, a client of it whose time is given, and what the client told."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from airtable_sync.client import Airtable
from services.clock import VirtualClock
from standins.airtable import AirtableStandin
from tests.airtable_sync.client.world import SCHEMA, conf_of


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def standin(clock: VirtualClock) -> Iterator[AirtableStandin]:
    with AirtableStandin(SCHEMA, clock=clock.now) as standin:
        yield standin


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def airtable_of(clock: VirtualClock, told: list[str]) -> Callable[..., Airtable]:
    """A client of any stand-in, with other settings than the usual ones if they are given."""

    def airtable_of(
        standin: AirtableStandin, check: Callable[[], None] = lambda: None, **other: Any
    ) -> Airtable:
        return Airtable(conf_of(standin, **other), clock=clock, check=check, told=told.append)

    return airtable_of


@pytest.fixture
def client_of(
    standin: AirtableStandin, airtable_of: Callable[..., Airtable]
) -> Callable[..., Airtable]:
    """The same, of this one."""
    return partial(airtable_of, standin)


@pytest.fixture
def airtable(client_of: Callable[..., Airtable]) -> Airtable:
    return client_of()
