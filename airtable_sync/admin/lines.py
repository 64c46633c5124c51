"""The lines of a plan on its page: a record, and what is in each of its columns."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from airtable_sync.admin.cells import shown
from airtable_sync.admin.meanings import Meaning, meaning
from airtable_sync.admin.moments import minute
from airtable_sync.admin.reasons import worded
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import Direction
from airtable_sync.table import KEY
from airtable_sync.tables import TABLES

Action = PlannedChange.Action
Place = Callable[[str], tuple[int, str]]
BEFORE, AFTER = gettext_lazy("Before"), gettext_lazy("After")
THERE, HERE = gettext_lazy("In Airtable"), gettext_lazy("Here")
CELL, REASON = gettext_lazy("Cell"), gettext_lazy("Reason")


class Field(NamedTuple):
    column: str
    cells: list[SafeString | str]


class Line(NamedTuple):
    change: PlannedChange
    fields: list[Field]

    @property
    def numbers(self) -> str:
        """By which to find it in Airtable."""
        number = "" if self.change.key is None else f"{KEY} {self.change.key}"
        # The number of a problem may be missing, or be that of several records.
        record = self.change.record_id if self.change.action == Action.PROBLEM else ""
        return " · ".join(filter(None, [number, record]))

    @property
    def applied(self) -> str:
        at = self.change.applied_at
        return _("applied on %(at)s") % {"at": minute(at)} if at else ""


class Group(NamedTuple):
    """Those of one action."""

    action: Action
    meaning: Meaning
    headings: tuple[Promise, ...]
    lines: list[Line]

    @classmethod
    def of(cls, action: Action, plan: SyncPlan, changes: Iterable[PlannedChange]) -> "Group":
        direction = Direction(plan.direction)
        headings, place = headings_of(action, direction), places(plan.name)
        lines = [Line(change, fields(change, place, len(headings))) for change in changes]
        return cls(action, meaning(action, direction), headings, lines)

    @property
    def width(self) -> int:
        """Of its table, in columns."""
        return 1 + len(self.headings)


def headings_of(action: Action, direction: Direction) -> tuple[Promise, ...]:
    """What the cells of a line are."""
    match action:
        case Action.PROBLEM:
            return CELL, REASON
        case Action.ORPHAN:
            return (CELL,)
        case Action.CONFLICT | Action.HELD:
            # Nothing happens to them. The side that would be written comes first.
            return (THERE, HERE) if direction == Direction.TO_AIRTABLE else (HERE, THERE)
        case _:
            return BEFORE, AFTER


def places(table: str) -> Place:
    """Where a table declares a column; those that it does not (any more) come last."""
    declared = TABLES[table].by_name if table in TABLES else ()
    found = {name: n for n, name in enumerate(declared)}
    return lambda name: (found.get(name, len(found)), name)


def fields(change: PlannedChange, place: Place, width: int) -> list[Field]:
    names = sorted(change.cells, key=place)
    return [Field(name, [shown(cell) for cell in cells_of(change, name)[:width]]) for name in names]


def cells_of(change: PlannedChange, name: str) -> list[Any]:
    cell, other = change.cells[name]
    is_reason = change.action == Action.PROBLEM and isinstance(other, str)
    return [cell, worded(other) if is_reason else other]
