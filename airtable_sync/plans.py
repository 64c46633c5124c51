"""How a plan is stored, begun and ended."""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import User
from airtable_sync.conf import conf
from airtable_sync.drafting import Draft
from airtable_sync.errors import (
    NotApplicable,
    OfAnotherBase,
    StillApplying,
    UnknownPlan,
)
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import Also, Direction
from jobs.models import Job

Action = PlannedChange.Action
State = SyncPlan.State
ALSO: dict[Also, PlannedChange.Action] = {
    "conflicts": Action.CONFLICT,
    "held": Action.HELD,
    "orphans": Action.ORPHAN,
}
OPPOSITE = {
    Action.CREATE: Action.DELETE,
    Action.CHANGE: Action.CHANGE,
    Action.DELETE: Action.CREATE,
}


@transaction.atomic
def store(
    draft: Draft, *, name: str, direction: Direction, job_id: UUID, by: User | None
) -> SyncPlan:
    """As a plan that waits."""
    plan = SyncPlan.objects.create(
        base=conf().base,
        name=name,
        direction=direction,
        rows=draft.rows,
        job_id=job_id,
        made_by=by,
    )
    add_lines(plan, draft.lines)
    return plan


def add_lines(plan: SyncPlan, lines: Iterable[PlannedChange]) -> None:
    new = list(lines)
    for line in new:
        line.plan = plan
    PlannedChange.objects.bulk_create(new, batch_size=1_000)
    count(plan)


def count(plan: SyncPlan) -> None:
    """By action, how many lines there are."""
    plan.counts = dict(Counter(plan.changes.values_list("action", flat=True)))
    plan.save(update_fields=["counts"])


def opposite(line: PlannedChange) -> PlannedChange:
    """What puts back what was there before."""
    return PlannedChange(
        action=OPPOSITE[Action(line.action)],
        key=line.key,
        record_id=line.record_id,
        label=line.label,
        cells={name: pair[::-1] for name, pair in line.cells.items()},
    )


def later_plans(plan: SyncPlan) -> QuerySet[SyncPlan]:
    """Those of the same table and direction that have written since."""
    same = SyncPlan.objects.filter(base=plan.base, name=plan.name, direction=plan.direction)
    return same.filter(pk__gt=plan.pk, applied_at__isnull=False)


def known(plan_id: int, *, name: str, direction: Direction) -> SyncPlan:
    """That plan; UnknownPlan if there is none of this table and direction in this base."""
    plans = SyncPlan.objects.filter(base=conf().base, name=name, direction=direction)
    plan = plans.filter(pk=plan_id).first()
    if plan is None:
        raise UnknownPlan(plan_id, name, str(direction.label))
    return plan


@transaction.atomic
def begin(plan: SyncPlan, *, job_id: UUID, by: User | None) -> None:
    """Before anything is sent; at most one job applies a plan to a table at a time."""
    interrupt_abandoned()
    others = SyncPlan.objects.being_applied().filter(name=plan.name, direction=plan.direction)
    if other := others.first():
        raise StillApplying(other)
    plan.state, plan.job_id, plan.applied_by = State.APPLYING, job_id, by
    plan.save(update_fields=["state", "job_id", "applied_by"])


def interrupt_abandoned() -> None:
    """Say of the plans whose job has ended, in whatever way, that they were not applied to the end.

    A job that was killed for good, or cancelled, says nothing itself.
    """
    at_work = Job.objects.under_way().values("pk")
    abandoned = SyncPlan.objects.being_applied().exclude(job_id__in=at_work)
    abandoned.update(state=State.INTERRUPTED, applied_at=Now())


def end(plan: SyncPlan, state: SyncPlan.State = State.APPLIED) -> None:
    """Of a plan that was begun."""
    plan.state = state
    SyncPlan.objects.filter(pk=plan.pk).update(state=state, applied_at=Now())
    if plan.undoes_id and state == State.APPLIED:
        SyncPlan.objects.filter(pk=plan.undoes_id).update(state=State.UNDONE)
    plan.refresh_from_db(fields=["applied_at"])


def include(plan: SyncPlan, also: Collection[Also]) -> None:
    """Let lines that are applied on demand only be applied with the others."""
    lines = plan.changes.filter(action__in=[ALSO[one] for one in also])
    if plan.direction == Direction.TO_AIRTABLE:
        lines.filter(action=Action.ORPHAN).update(action=Action.DELETE)
    lines.filter(action=Action.HELD, record_id="").update(action=Action.CREATE)
    lines.filter(action__in=[Action.CONFLICT, Action.HELD]).update(action=Action.CHANGE)
    unite(plan)
    count(plan)


def waiting(plan: SyncPlan) -> SyncPlan:
    """The same, locked until it is begun; or NotApplicable."""
    plan = SyncPlan.objects.select_for_update().get(pk=plan.pk)
    check_waits(plan)
    return plan


def unite(plan: SyncPlan) -> None:
    """Let no record have two lines that change it: they are written together."""
    by_key: dict[int | None, list[PlannedChange]] = {}
    for line in plan.changes.filter(action=Action.CHANGE).order_by("pk"):
        by_key.setdefault(line.key, []).append(line)
    for first, *others in by_key.values():
        for other in others:
            first.cells |= other.cells
            other.delete()
        if others:
            first.save(update_fields=["cells"])


def check_waits(plan: SyncPlan) -> None:
    check_base(plan)
    if plan.state != State.PLANNED:
        raise NotApplicable(plan, plan.get_state_display())


def check_base(plan: SyncPlan) -> None:
    if plan.base != conf().base:
        raise OfAnotherBase(plan, plan.base, conf().base)


def blown(draft: Draft, percent: float) -> bool:
    """Whether so much would change that a person has to look at it first."""
    return draft.concerned * 100 > percent * draft.rows
