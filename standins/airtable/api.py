"""The documented interface: each request and what it is answered when nothing is wrong."""

from typing import Any

from standins.airtable import errors
from standins.airtable.base import KEY, READ, SCHEMA, USER, WRITE, Base
from standins.airtable.bodies import Batch, Listing, Reading, options_of
from standins.airtable.counters import Counters
from standins.airtable.listing import page, shown
from standins.airtable.request import Answer, Request
from standins.airtable.table import Table
from standins.airtable.writing import Done, create, delete, update

MAX_URL = 16_000  # characters
MAX_BODY = 10_000_000  # bytes: a guess, the service tells no figure


class Api:
    def __init__(self, base: Base, counters: Counters) -> None:
        self.base, self.counters = base, counters

    def answer(self, request: Request) -> Answer:
        try:
            refuse_oversize(request)
            if request.authorization != f"Bearer {KEY}":
                raise errors.unauthenticated()
            with self.base.lock:
                return Answer(200, self._about(request))
        except errors.ApiError as error:
            return Answer(error.status, error.body)

    def _about(self, request: Request) -> dict[str, Any]:
        match request.method, request.parts:
            case "GET", ["meta", "whoami"]:
                return {"id": USER, "scopes": sorted(self.base.scopes)}
            case "GET", ["meta", "bases"]:
                self.base.require(SCHEMA)
                return {"bases": self.base.listed()}
            case "GET", ["meta", "bases", base_id, "tables"]:
                self.base.open(base_id, SCHEMA)
                return {"tables": [table.described() for table in self.base.tables]}
            case _, [base_id, name, *rest] if base_id != "meta":
                self.base.open(base_id, READ if request.is_read else WRITE)
                if not (table := self.base.find_table(name)):
                    raise errors.forbidden()
                return self._of_table(request, table, rest)
        raise errors.not_found()

    def _of_table(self, request: Request, table: Table, rest: list[str]) -> dict[str, Any]:
        match request.method, rest:
            case "GET", []:
                return page(table, Listing.of(options_of(request.query)))
            case "POST", ["listRecords"]:
                return page(table, Listing.of(request.content | options_of(request.query)))
            case "GET", [record_id]:
                reading = Reading.of(options_of(request.query))
                return shown(table, table.record(record_id), reading)
            case "POST", []:
                return self._create(request, table)
            case (("PATCH" | "PUT"), []):
                return self._update(request, table)
            case (("PATCH" | "PUT"), [record_id]):
                return self._update_one(request, table, record_id)
            case "DELETE", []:
                return {"records": self._delete(table, request.record_ids)}
            case "DELETE", [record_id]:
                return self._delete(table, [record_id])[0]
        raise errors.not_found()

    def _create(self, request: Request, table: Table) -> dict[str, Any]:
        if "records" in request.content:
            batch = Batch.of(request.content)
            return {"records": self._shown(table, batch, create(table, batch))}
        batch = Batch.of_one(request.content)
        return self._shown(table, batch, create(table, batch))[0]

    def _update(self, request: Request, table: Table) -> dict[str, Any]:
        batch = Batch.of(request.content)
        done = update(table, batch, replace=request.method == "PUT")
        answer: dict[str, Any] = {"records": self._shown(table, batch, done)}
        if batch.perform_upsert:
            answer |= {"createdRecords": done.created, "updatedRecords": done.updated}
        return answer

    def _update_one(self, request: Request, table: Table, record_id: str) -> dict[str, Any]:
        batch = Batch.of_one(request.content, record_id)
        return self._shown(table, batch, update(table, batch, replace=request.method == "PUT"))[0]

    def _delete(self, table: Table, record_ids: list[str]) -> list[dict[str, Any]]:
        delete(table, record_ids)
        self.counters.wrote(deleted=len(record_ids))
        return [{"id": id, "deleted": True} for id in record_ids]

    def _shown(self, table: Table, batch: Batch, done: Done) -> list[dict[str, Any]]:
        self.counters.wrote(created=len(done.created), updated=len(done.updated))
        by_id = batch.return_fields_by_field_id
        return [table.shown(record, by_field_id=by_id) for record in done.records]


def refuse_oversize(request: Request) -> None:
    if len(request.url) > MAX_URL:
        raise errors.too_long()
    if len(request.body) > MAX_BODY:
        raise errors.too_large()
