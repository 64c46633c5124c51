"""A base of Airtable for as long as a test lasts, and time that takes none."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from airtable_sync import runs
from airtable_sync.client import Airtable
from airtable_sync.schema import expected_schema
from services.clock import VirtualClock
from standins.airtable import AirtableStandin


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> VirtualClock:
    """That of the syncs and of the stand-in."""
    clock = VirtualClock()
    monkeypatch.setattr(runs, "Airtable", partial(Airtable, clock=clock))
    return clock


@pytest.fixture
def standin(settings: Any, clock: VirtualClock) -> Iterator[AirtableStandin]:
    """With the tables as they have to be, and empty; the settings lead there."""
    with AirtableStandin(expected_schema(), clock=clock.now) as standin:
        settings.AIRTABLE = settings.AIRTABLE | {
            "api_key": standin.key,
            "base": standin.base,
            "url": standin.url,
            "timeout": timedelta(seconds=5),
            # Where a test has three rows, a change of one is a third of them.
            "fuse_percent": 100,
        }
        yield standin
