"""Applying a plan to our rows: those that change, and what follows, in one transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import User
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import Direction, SyncTable, enqueue_sync
from airtable_sync.sending import after, mark, remember_applied
from airtable_sync.table import TableSync
from jobs.models import Job
from networks.changes import Changes
from networks.crossing import Communes
from networks.following import enqueue_tiles_and_recheck
from networks.models.placed import Placed
from networks.perimeters import refresh_has_pdp


def write(plan: SyncPlan, table: TableSync, *, by: User | None) -> list[Job]:
    """The lines of the plan, under `one_writer`; return the jobs that follow."""
    lines = list(plan.changes.to_apply().order_by("pk"))
    if not lines:
        return []
    mattering = {line.key or 0 for line in lines if matters(table, line)}
    # All communes are read for it, so only where it matters.
    changes = Changes(Communes()) if mattering else None
    add(changes, table, mattering)
    change_rows(table, lines)
    pdp_changed = refresh_has_pdp()
    add(changes, table, mattering)
    mark(lines)
    remember_applied(plan, table, lines)
    boxes = changes.boxes() if changes else []
    jobs = enqueue_tiles_and_recheck({table.kind.name}, boxes, by=by)
    return jobs + ([tell_airtable(table, by=by)] if pdp_changed else [])


def tell_airtable(table: TableSync, *, by: User | None) -> Job:
    """Which networks have a perimeter follows from their numbers, and is ours to say."""
    return enqueue_sync(Direction.TO_AIRTABLE, SyncTable(name=table.name), by=by)


def change_rows(table: TableSync, lines: Sequence[PlannedChange]) -> None:
    rows = rows_of(table, lines)
    for line in lines:
        row = rows[line.key or 0]
        change(row, table, line)
        row.save(update_fields=[table.by_name[name].field for name in line.cells])


def rows_of(table: TableSync, lines: Iterable[PlannedChange]) -> dict[int, Any]:
    keys = [line.key or 0 for line in lines]
    rows = table.model._default_manager.filter(pk__in=keys).defer("geometry")
    return {row.pk: row for row in rows}


def change(row: Placed, table: TableSync, line: PlannedChange) -> None:
    for name, cell in after(line).items():
        column = table.by_name[name]
        setattr(row, column.field, column.value.value(cell))


def matters(table: TableSync, line: PlannedChange) -> bool:
    """Whether addresses near it may have another answer."""
    return any(table.by_name[name].matters for name in line.cells)


def add(changes: Changes | None, table: TableSync, keys: Iterable[int]) -> None:
    """How they are now, with their geometries."""
    if changes is not None:
        for row in table.model._default_manager.filter(pk__in=keys):
            changes.add(table.kind, row)
