"""Syncs as their jobs run them, here and now."""

from typing import Any
from uuid import UUID, uuid4

from airtable_sync.handlers import sync_geometries, sync_metadata
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import Direction, SyncTable, TableSynced
from airtable_sync.tables import TABLES
from jobs.running import RunningJob
from standins.airtable import AirtableStandin

HEAT, COLD, FUTURE = TABLES.names()
HANDLERS = {
    Direction.TO_AIRTABLE: sync_geometries,
    Direction.FROM_AIRTABLE: sync_metadata,
}


def sync(
    direction: Direction, name: str = HEAT, *, id: UUID | None = None, user: Any = None, **data: Any
) -> TableSynced:
    """One attempt of a job; with the id of an earlier one, another attempt of it."""
    job = RunningJob(
        id=id or uuid4(),
        type="sync",
        data=SyncTable(name=name, **data),
        user_id=user and user.pk,
    )
    return HANDLERS[direction](job)


def push(name: str = HEAT, **data: Any) -> TableSynced:
    """What follows from the geometries, to Airtable."""
    return sync(Direction.TO_AIRTABLE, name, **data)


def pull(name: str = HEAT, **data: Any) -> TableSynced:
    """The metadata, from Airtable."""
    return sync(Direction.FROM_AIRTABLE, name, **data)


def cells(standin: AirtableStandin, name: str = HEAT) -> dict[Any, dict[str, Any]]:
    """What Airtable has of each number."""
    records = standin.table(TABLES[name].title).records
    return {record["fields"].get("id_fcu"): record["fields"] for record in records}


def record_id(standin: AirtableStandin, key: int, name: str = HEAT) -> str:
    """Of the record with this number."""
    records = standin.table(TABLES[name].title).records
    return next(record["id"] for record in records if record["fields"].get("id_fcu") == key)


def change(standin: AirtableStandin, key: int, fields: dict[str, Any], name: str = HEAT) -> None:
    """As a person does it who has the table before them."""
    standin.table(TABLES[name].title).change(record_id(standin, key, name), fields)


def lines(plan: SyncPlan | int) -> list[tuple[str, int | None, dict[str, Any]]]:
    """The action, the number and the cells of each line of a plan."""
    found = PlannedChange.objects.filter(plan=plan).order_by("pk")
    return [(line.action, line.key, line.cells) for line in found]
