"""The lines of a plan on its page: a record, and for each of its columns a cell and another."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from airtable_sync.admin.cells import shown
from airtable_sync.admin.meanings import Meaning, meaning
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import Direction
from jobs.admin.cells import NOTHING, moment

Action = PlannedChange.Action
CHANGED = (_("Before"), _("After"))
REFUSED = (_("Cell"), _("Reason"))


class Field(NamedTuple):
    column: str
    # Before and after; of a problem, the cell and the reason.
    first: SafeString | str
    second: SafeString | str


NO_FIELD = Field(NOTHING, NOTHING, NOTHING)


class Line(NamedTuple):
    change: PlannedChange
    fields: list[Field]
    applied: str

    @classmethod
    def of(cls, change: PlannedChange) -> "Line":
        fields = [Field(name, *map(shown, pair)) for name, pair in sorted(change.cells.items())]
        applied = moment(change.applied_at) if change.applied_at else NOTHING
        return cls(change, fields or [NO_FIELD], applied)


class Group(NamedTuple):
    """Those of one action."""

    action: Action
    meaning: Meaning
    headings: tuple[str | Promise, str | Promise]
    lines: list[Line]

    @classmethod
    def of(cls, action: Action, plan: SyncPlan, changes: Iterable[PlannedChange]) -> "Group":
        headings = REFUSED if action == Action.PROBLEM else CHANGED
        what_it_means = meaning(action, Direction(plan.direction))
        return cls(action, what_it_means, headings, [Line.of(change) for change in changes])
