"""A plan as text for a terminal: what it changes, and where to go on from there."""

from collections.abc import Iterator

from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import Direction
from airtable_sync.plans import ALSO
from airtable_sync.values import Cell, is_blank
from services.answers import shortened

Action, State = PlannedChange.Action, SyncPlan.State
COMMAND = "manage.py sync_airtable"


def plan_text(plan: SyncPlan, *, lines: int | None) -> str:
    """With no more than so many lines of the diff; None: with all."""
    diff = [text for line in plan.changes.all() for text in diff_of(line)]
    shown = diff[:lines]
    left = len(diff) - len(shown)
    more = [f"  and {left:,} more lines; --all shows them"] if left else []
    return "\n".join([heading(plan), *shown, *more, where_to_go_on(plan)])


def heading(plan: SyncPlan) -> str:
    counts = [f"{count:,} {Action(action).label}" for action, count in plan.counts.items()]
    differs = ", ".join(counts) or "no difference"
    return f"{plan} is {plan.get_state_display()}: {differs} (rows: {plan.rows:,})."


def diff_of(line: PlannedChange) -> Iterator[str]:
    """A line for each cell."""
    record = f"  {Action(line.action).label} {line.key or line.record_id} {line.label}".rstrip()
    if not line.cells:
        yield printable(record)
    for column, (before, after) in line.cells.items():
        if line.action == Action.PROBLEM:  # the cell and the reason
            yield printable(f"{record}, {column}: {after}")
        else:
            yield printable(f"{record}, {column}: {words(before)} → {words(after)}")


def where_to_go_on(plan: SyncPlan) -> str:
    if plan.state == State.PLANNED:
        return f"Nothing was written. {how_to_apply(plan)}"
    if plan.state == State.APPLYING:
        return "It is applied in part; its job goes on when it is tried again."
    if not plan.changes.applied().exists():
        return "Nothing had to be written."
    if plan.undoes_id:
        return f"Plan {plan.undoes_id} is undone."
    return f"To undo it: {COMMAND} --undo {plan.pk}"


def how_to_apply(plan: SyncPlan) -> str:
    also = on_demand(plan)
    if not also and not plan.changes.to_apply().exists():
        return "Nothing would be."
    options = f" [--also {' '.join(also)}]" if also else ""
    return f"To apply it: {COMMAND} --apply {plan.pk}{options}"


def on_demand(plan: SyncPlan) -> list[str]:
    """What `--also` can be given."""
    deletes = plan.direction == Direction.TO_AIRTABLE
    return [
        also
        for also, action in ALSO.items()
        if plan.counts.get(action) and (deletes or action != Action.ORPHAN)
    ]


def words(cell: Cell) -> str:
    return "empty" if is_blank(cell) else shortened(repr(cell))


def printable(text: str) -> str:
    """Without what would move the cursor of a terminal: people far away write these texts."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
