"""The two syncs, as their jobs run them, here and now."""

from uuid import uuid4

from airtable_sync.handlers import sync_geometries, sync_metadata
from airtable_sync.payload import TYPES, Direction, SyncTable, TableSynced
from airtable_sync.table import TableSync
from jobs.running import RunningJob


def push(table: TableSync, *, plan_id: int | None = None) -> TableSynced:
    """What follows from the geometries, to Airtable."""
    return sync_geometries(job(Direction.TO_AIRTABLE, table, plan_id))


def pull(table: TableSync) -> TableSynced:
    """The metadata, from Airtable."""
    return sync_metadata(job(Direction.FROM_AIRTABLE, table))


def job(direction: Direction, table: TableSync, plan_id: int | None = None) -> RunningJob:
    data = SyncTable(name=table.name, plan_id=plan_id)
    return RunningJob(id=uuid4(), type=TYPES[direction], data=data)
