"""Applying a plan to Airtable: ten records a request, each remembered before the next is sent."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.db.models.functions import Now

from airtable_sync.agreeing import Agreement, remember
from airtable_sync.client import Airtable, Upsert
from airtable_sync.errors import AirtableRefused, RecordIsGone
from airtable_sync.models import PlannedChange, SyncedRecord, SyncPlan
from airtable_sync.table import KEY, TableSync
from jobs.running import RunningJob

Action = PlannedChange.Action
MOST_RECORDS = 10  # that Airtable takes in a request
NOT_FOUND = 404


def send(plan: SyncPlan, table: TableSync, airtable: Airtable, job: RunningJob) -> None:
    """What is left of the plan. Interrupted anywhere, it can be called again."""
    left = plan.changes.to_apply()
    upserts = list(left.exclude(action=Action.DELETE).order_by("pk"))
    deletions = list(left.filter(action=Action.DELETE).order_by("pk"))
    done, total = 0, len(upserts) + len(deletions)
    for batch in batched(upserts):
        try:
            ids = airtable.upsert(table.title, [upsert(line) for line in batch], key=KEY)
        except AirtableRefused as refused:
            if refused.status != NOT_FOUND:
                raise
            raise RecordIsGone(plan) from None
        keep_upserts(plan, table, batch, ids)
        job.progress(done := done + len(batch), total, "records sent")
    for batch in batched(deletions):
        airtable.delete(table.title, [line.record_id for line in batch])
        keep_deletions(plan, batch)
        job.progress(done := done + len(batch), total, "records sent")


def upsert(line: PlannedChange) -> Upsert:
    """A record that is there goes by its id; a new one by its number, so that it is never two."""
    fields = after(line)
    if line.action == Action.CREATE:
        return {"fields": {KEY: line.key, **fields}}
    return {"id": line.record_id, "fields": fields}


@transaction.atomic
def keep_upserts(
    plan: SyncPlan, table: TableSync, batch: Sequence[PlannedChange], ids: Sequence[str]
) -> None:
    for line, record_id in zip(batch, ids, strict=True):
        line.record_id = record_id
    PlannedChange.objects.bulk_update(batch, ["record_id"])
    mark(batch)
    remember_applied(plan, table, batch)


@transaction.atomic
def keep_deletions(plan: SyncPlan, batch: Sequence[PlannedChange]) -> None:
    mark(batch)
    keys = [line.key for line in batch if line.key is not None]
    SyncedRecord.objects.filter(base=plan.base, name=plan.name, key__in=keys).delete()
    if plan.undoes_id:
        # Or the next sync would create them again.
        remember(plan.base, plan.name, [Agreement(key, "", {}, held={KEY: key}) for key in keys])


def agreement(table: TableSync, line: PlannedChange, *, undone: bool) -> Agreement:
    """What both sides have once the line is applied; of an undo, what its owner said, too."""
    assert line.key is not None
    if line.action == Action.CREATE:
        # That the rest of a new record is blank is known too.
        blank = {name: column.value.normal(None) for name, column in table.by_name.items()}
        return Agreement(line.key, line.record_id, {**blank, **after(line), KEY: line.key})
    held = {name: pair[0] for name, pair in line.cells.items()} if undone else {}
    # Rows go by their number: the record of an undone change may be another by now.
    record_id = line.record_id if line.plan.direction == SyncPlan.Direction.TO_AIRTABLE else ""
    return Agreement(line.key, record_id, after(line), held)


def remember_applied(plan: SyncPlan, table: TableSync, lines: Iterable[PlannedChange]) -> None:
    undone = plan.undoes_id is not None
    remember(plan.base, plan.name, (agreement(table, line, undone=undone) for line in lines))


def mark(lines: Sequence[PlannedChange]) -> None:
    PlannedChange.objects.filter(pk__in=[line.pk for line in lines]).update(applied_at=Now())


def after(line: PlannedChange) -> dict[str, object]:
    return {name: pair[1] for name, pair in line.cells.items()}


def batched(lines: Sequence[PlannedChange]) -> Iterator[list[PlannedChange]]:
    left = iter(lines)
    while batch := list(islice(left, MOST_RECORDS)):
        yield batch
