"""A base of Airtable: its records read and written, its tables described."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import pyairtable
from pyairtable.api.types import UserAndScopesDict
from pydantic import ValidationError
from requests import RequestException

from airtable_sync.client.adapter import Adapter
from airtable_sync.client.errors import NotAirtable
from airtable_sync.client.records import Field, Record, Table, Upsert
from airtable_sync.conf import Conf
from airtable_sync.errors import AirtableRefused, AirtableUnavailable, UnknownColumn
from services.answers import cause_of, may_need_a_proxy
from services.clock import Clock

logger = logging.getLogger(__name__)

CONNECT = 10  # seconds
MOST_RECORDS = 10  # that one request may write
LISTINGS = 4  # of one table, before too many have gone stale
GONE = (403, 404)

Got = TypeVar("Got")


class Airtable:
    """The base of the settings. What it raises is an AirtableSyncError, and never has the key.

    `told` hears why there is a wait; `check` is called before each request and twice a second
    while waiting: it may raise. It is not to be used in a transaction.
    """

    def __init__(
        self,
        conf: Conf,
        *,
        clock: Clock | None = None,
        check: Callable[[], None] = lambda: None,
        told: Callable[[str], None] = logger.warning,
    ) -> None:
        self._url, self._clock, self._told = conf.url, clock or Clock(), told
        self._adapter = Adapter(conf, self._clock, check, told)
        silence = conf.timeout.total_seconds()
        # Its types say whole seconds; it passes on what requests takes.
        timeout = cast(tuple[int, int], (min(silence, CONNECT), silence))
        api = pyairtable.Api(
            conf.api_key, timeout=timeout, retry_strategy=None, endpoint_url=conf.url
        )
        for scheme in ("https://", "http://"):
            api.session.mount(scheme, self._adapter)
        # Or what a ~/.netrc has for the host would take the place of the key.
        api.session.auth = lambda request: request
        api.session.trust_env = may_need_a_proxy(conf.url)
        self._api, self._base = api, api.base(conf.base)

    @property
    def requests(self) -> int:
        """How many were sent."""
        return self._adapter.requests

    def records(self, table: str, columns: Sequence[str]) -> list[Record]:
        """All of the table, with these columns. Raises UnknownColumn if it has not all of them."""
        start = self._clock.now()
        for _ in range(LISTINGS):
            try:
                return self._listed(table, columns)
            except AirtableRefused as refused:
                if refused.type != "LIST_RECORDS_ITERATOR_NOT_AVAILABLE":
                    raise explained(refused, table, columns) from None
            self._told(f"Airtable has lost its place in {table}; listed from the beginning again")
        reason = f"it lost its place in {table} each time"
        raise AirtableUnavailable(reason, self._clock.now() - start, LISTINGS)

    def upsert(self, table: str, records: Sequence[Upsert], *, key: str) -> list[str]:
        """Write at most 10 records, all or none of them, in one request: their ids, in order.

        Safe to repeat: what was created is then found by its key.
        """
        at_most_ten(records)
        written = self._asked(
            lambda: self._base.table(table).batch_upsert(map(dict, records), [key])
        )
        return [record["id"] for record in written["records"]]

    def delete(self, table: str, ids: Sequence[str]) -> None:
        """At most 10 records in one request. Those that have gone already need more of them."""
        at_most_ten(ids)
        try:
            self._asked(lambda: self._base.table(table).batch_delete(ids))
        except AirtableRefused as refused:
            if refused.status not in GONE:
                raise
            # One that is missing keeps Airtable from deleting the others.
            left = [id for id in ids if self._exists(table, id)]
            if len(left) == len(ids):
                raise
            self.delete(table, left)

    def whoami(self) -> UserAndScopesDict:
        """Whose key it is, and which scopes it has, if Airtable says so."""
        return self._asked(self._api.whoami)

    def permission(self) -> str | None:
        """What the key may do with the base: `none`, `read`, `comment`, `edit` or `create`.

        None if the base is not among those that it is for.
        """
        bases = self._asked(lambda: self._api.bases(force=True))
        return next((base.permission_level for base in bases if base.id == self._base.id), None)

    def schema(self) -> list[Table]:
        """The tables of the base."""
        tables = self._asked(lambda: self._base.schema(force=True)).tables
        return [Table(table.name, list(map(named, table.fields))) for table in tables]

    def _listed(self, table: str, columns: Sequence[str]) -> list[Record]:
        records = self._asked(lambda: self._base.table(table).all(fields=columns, page_size=100))
        # One that moves while the pages are read can be on two of them.
        by_id = {record["id"]: Record(record["id"], record["fields"]) for record in records}
        return list(by_id.values())

    def _exists(self, table: str, id: str) -> bool:
        try:
            self._asked(lambda: self._base.table(table).get(id))
        except AirtableRefused as refused:
            if refused.status == 404:
                return False
            raise
        return True

    def _asked(self, ask: Callable[[], Got]) -> Got:
        """Raises NotAirtable for what `pyairtable` finds wrong before a request or in an answer."""
        try:
            return ask()
        except (ValidationError, KeyError) as error:
            reason = f"its answer has another form than expected ({type(error).__name__})"
        except RequestException as error:
            reason = self._adapter.hide(cause_of(error))
        # Not within the except, where a request with the key would go along as the context.
        raise NotAirtable(self._url, reason)


def named(field: Any) -> Field:
    # Its type may be one of an enumeration, which is a text, but is not printed as one.
    return Field(field.name, str.__str__(field.type))


def explained(refused: AirtableRefused, table: str, columns: Sequence[str]) -> AirtableRefused:
    if refused.type != "UNKNOWN_FIELD_NAME":
        return refused
    named = (column for column in columns if f'"{column}"' in refused.message)
    return UnknownColumn(table, next(named, ""), refused.message)


def at_most_ten(things: Sequence[object]) -> None:
    if len(things) > MOST_RECORDS:
        raise ValueError(f"At most {MOST_RECORDS} records are written at once, not {len(things)}.")
