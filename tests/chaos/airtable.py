"""A base of Airtable that real workers sync with, in real time, and what was asked of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from airtable_sync.payload import TYPES, Direction, SyncTable, enqueue_sync
from airtable_sync.schema import expected_schema
from airtable_sync.tables import TABLES
from jobs.models import Job
from standins.airtable import AirtableStandin
from standins.airtable.api import Api
from standins.airtable.request import Answer, Request
from tests.chaos.conftest import NewWorker
from tests.chaos.database import ask
from tests.chaos.worker import Worker

HEAT, COLD, FUTURE = TABLES.names()
# A dead worker's job is taken over sooner than usual.
SOON = {"JOBS_HEARTBEAT_SECONDS": 1, "JOBS_ALIVE_FOR_SECONDS": 3}
WAIT_FOR_US = "SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"

NewSyncer = Callable[[], Worker]


@pytest.fixture
def standin(settings: Any) -> Iterator[AirtableStandin]:
    """With empty tables; it takes 5 requests a second, and then none for 30 seconds."""
    with AirtableStandin(expected_schema()) as standin:
        settings.AIRTABLE = settings.AIRTABLE | {"api_key": standin.key, "base": standin.base}
        yield standin


@pytest.fixture
def new_syncer(standin: AirtableStandin, new_worker: NewWorker) -> NewSyncer:
    """Starts a worker that does nothing but sync with it, one table at a time."""
    place = {
        "AIRTABLE_URL": standin.url,
        "AIRTABLE_API_KEY": standin.key,
        "AIRTABLE_BASE": standin.base,
        # Here all of a table changes.
        "AIRTABLE_FUSE_PERCENT": 100,
    }
    return partial(new_worker, "--slots", 1, "--types", *TYPES.values(), **place, **SOON)


def push(name: str = HEAT) -> Job:
    return enqueue_sync(Direction.TO_AIRTABLE, SyncTable(name=name), by=None)


def pull(name: str = HEAT) -> Job:
    return enqueue_sync(Direction.FROM_AIRTABLE, SyncTable(name=name), by=None)


def cells(standin: AirtableStandin, title: str, column: str) -> list[tuple[int, Any]]:
    """Of every record its number and this cell, by number; what is there twice, twice."""
    records = [record["fields"] for record in standin.table(title).records]
    return sorted((fields["id_fcu"], fields.get(column)) for fields in records)


def writes(standin: AirtableStandin) -> list[int]:
    """Of each request that was to write, in how many records."""
    return [asked.records for asked in standin.counters.log if asked.records]


def hold_up(
    monkeypatch: pytest.MonkeyPatch, standin: AirtableStandin, *, write: int
) -> threading.Event:
    """Keep the write of this number, counted from 1, from arriving until the event is set."""
    answer, arrives = Api.answer, threading.Event()

    def answered(api: Api, request: Request) -> Answer:
        if request.records and len(writes(standin)) == write:
            arrives.wait(60)
        return answer(api, request)

    monkeypatch.setattr(Api, "answer", answered)
    return arrives


def most_in_a_second(standin: AirtableStandin) -> int:
    """The most requests that the stand-in had before it within any second."""
    times = [asked.at for asked in standin.counters.log]
    return max(sum(first <= at < first + 1 for at in times) for first in times)


@contextmanager
def in_the_way(write: Callable[[], object]) -> Iterator[Callable[[], object]]:
    """Write something, and take it back at the end; yields whether somebody waits for that."""
    with transaction.atomic():
        write()
        yield lambda: ask(WAIT_FOR_US)
        transaction.set_rollback(True)
