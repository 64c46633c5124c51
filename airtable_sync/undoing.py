"""Undoing a plan: another plan that puts back what was there before."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from airtable_sync.errors import NotUndoable
from airtable_sync.models import SyncPlan
from airtable_sync.payload import Direction, SyncTable, enqueue_sync
from airtable_sync.plans import add_lines, check_base, interrupt_abandoned, opposite
from jobs.models import Job

State = SyncPlan.State


@transaction.atomic
def undo(plan: SyncPlan, *, by: User | None) -> Job:
    """Enqueue what puts back all that this plan has changed. Raises NotUndoable.

    Refused by its job where a cell has changed again meanwhile; then nothing is put back.
    """
    interrupt_abandoned()
    plan = SyncPlan.objects.select_for_update().get(pk=plan.pk)
    undoing = plan_undo(plan, by=by)
    data = SyncTable(name=plan.name, plan_id=undoing.pk)
    job = enqueue_sync(Direction(plan.direction), data, by=by)
    SyncPlan.objects.filter(pk=undoing.pk).update(job_id=job.pk)
    return job


def plan_undo(plan: SyncPlan, *, by: User | None) -> SyncPlan:
    check_base(plan)
    if plan.state not in (State.APPLIED, State.INTERRUPTED) or plan.undoes_id:
        raise NotUndoable(plan, plan.get_state_display())
    at_work = Job.objects.under_way().values("pk")
    if plan.undone_by.filter(job_id__in=at_work).exists():
        raise NotUndoable(plan, _("being undone already"))
    lines = [opposite(line) for line in plan.changes.applied()]
    if not lines:
        raise NotUndoable(plan, _("without a change"))
    undoing = SyncPlan.objects.create(
        base=plan.base,
        name=plan.name,
        direction=plan.direction,
        rows=plan.rows,
        undoes=plan,
        made_by=by,
    )
    add_lines(undoing, lines)
    return undoing
