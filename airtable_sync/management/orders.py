"""The jobs that `sync_airtable` was asked for, to be enqueued one after the other."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.core.management import CommandError

from airtable_sync import undoing
from airtable_sync.models import SyncPlan
from airtable_sync.payload import Also, Direction, SyncTable, enqueue_sync
from airtable_sync.plans import check_waits
from airtable_sync.tables import TABLES
from jobs.models import Job

# Geometries first, as after every change of networks.
DIRECTIONS = {"to-airtable": Direction.TO_AIRTABLE, "from-airtable": Direction.FROM_AIRTABLE}

Order = Callable[[], Job]


def orders(*, apply: int | None, undo: int | None, also: list[Also], **asked: Any) -> list[Order]:
    """Raises CommandError or an AirtableSyncError."""
    if also and apply is None:
        raise CommandError("--also is about the lines of a plan; give --apply PLAN.")
    number = undo if apply is None else apply
    if number is None:
        return orders_for_tables(**asked)
    if asked["names"] or asked["direction"]:
        raise CommandError("A plan has its table and direction; leave out NAME and --direction.")
    plan = numbered(number)
    return [order_to_undo(plan) if apply is None else order_to_apply(plan, also)]


def orders_for_tables(*, names: Sequence[str], direction: str | None, dry_run: bool) -> list[Order]:
    tables = [TABLES[name] for name in names] or TABLES.all()
    directions = [DIRECTIONS[direction]] if direction else DIRECTIONS.values()
    return [
        partial(enqueue_sync, direction, SyncTable(name=table.name, dry_run=dry_run), by=None)
        for table in tables
        for direction in directions
    ]


def order_to_apply(plan: SyncPlan, also: list[Also]) -> Order:
    check_waits(plan)
    data = SyncTable(name=plan.name, plan_id=plan.pk, also=also)
    return partial(enqueue_sync, Direction(plan.direction), data, by=None)


def order_to_undo(plan: SyncPlan) -> Order:
    return partial(undoing.undo, plan, by=None)


def numbered(number: int) -> SyncPlan:
    plan = SyncPlan.objects.filter(pk=number).first()
    if plan is None:
        raise CommandError(f"There is no plan {number}; the admin lists them all.")
    return plan
