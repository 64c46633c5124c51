"""The way of the original: all is read, then each record that differs is sent whole, by itself."""

import random
from collections.abc import Iterable
from itertools import count
from typing import Any

import pyairtable
from pyairtable.api.types import RecordDict
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from airtable_sync.table import KEY, Owner, TableSync
from services.clock import Clock
from standins.airtable import AirtableStandin

SEED = 6
TOO_FAST = 429
# Seconds, of airtable.js 0.12, with which the original asks.
FIRST_WAIT, LONGEST_WAIT = 5, 600


def sync(table: TableSync, standin: AirtableStandin, clock: Clock) -> None:
    """To Airtable, what follows from the geometries."""
    airtable = client(standin, clock).table(standin.base, table.title)
    records, columns = airtable.all(), table.owned_by(Owner.OURS)
    for row in table.rows():
        record = with_number(row.pk, records)
        cells = {column.name: column.cell_of(row) for column in columns}
        there = {
            column.name: column.value.normal(record["fields"].get(column.name))
            for column in columns
        }
        if cells != there:
            airtable.update(record["id"], {KEY: row.pk, **cells})


def with_number(number: int, records: Iterable[RecordDict]) -> RecordDict:
    """Looked for from the first one on, each time."""
    return next(record for record in records if record["fields"].get(KEY) == number)


def client(standin: AirtableStandin, clock: Clock) -> pyairtable.Api:
    api = pyairtable.Api(standin.key, endpoint_url=standin.url, retry_strategy=None)
    api.session.mount("http://", Retrying(clock))
    api.session.trust_env = False
    return api


class Retrying(HTTPAdapter):
    """After a 429 it waits at random, up to a time that doubles with each one."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock, self._random = clock, random.Random(SEED)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        for refusals in count():
            response = super().send(request, *args, **options)
            if response.status_code != TOO_FAST:
                break
            longest = min(FIRST_WAIT * 2**refusals, LONGEST_WAIT)
            self._clock.sleep(self._random.uniform(0, longest))
        return response
