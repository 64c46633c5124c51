"""Whether what a plan rests on is still so."""

from collections.abc import Iterable
from enum import Enum

from airtable_sync.drafting import described, filled
from airtable_sync.errors import NotInThisColumn
from airtable_sync.models import PlannedChange
from airtable_sync.sides import Sides, lenient
from airtable_sync.values import ATTACHMENTS, Cell

Action = PlannedChange.Action


class Standing(Enum):
    """How the target of a line is."""

    BEFORE = "as it was"
    AFTER = "as it is to be"
    OTHER = "otherwise"


def standing(line: PlannedChange, sides: Sides) -> Standing:
    match line.action:
        case Action.CREATE:
            return standing_of_creation(line, sides)
        case Action.DELETE:
            return standing_of_deletion(line, sides)
        case _:
            return standing_of_change(line, sides)


def changed_since(lines: Iterable[PlannedChange], sides: Sides, *, owner_too: bool) -> list[str]:
    """What is not as it was when the plan was made: a few words on each."""
    found = []
    for line in lines:
        if standing(line, sides) is not Standing.BEFORE:
            found.append(f"{line.label} has changed {whose(sides, of_target=True)}")
        elif owner_too and not owner_says(line, sides):
            found.append(f"{line.label} has changed {whose(sides, of_target=False)}")
    return found


def owner_says(line: PlannedChange, sides: Sides) -> bool:
    """Whether the owner would still have it so."""
    key = line.key or 0
    if line.action == Action.DELETE:
        return key not in sides.rows
    if key not in sides.rows or not (line.action == Action.CREATE or is_there(line, sides)):
        return False
    after = {name: pair[1] for name, pair in line.cells.items()}
    if line.action == Action.CREATE:
        return described(sides.table, sides.rows[key]) == after
    try:
        columns = [sides.table.by_name[name] for name in after]
        return all(sides.owner_cell(column, key) == after[column.name] for column in columns)
    except (KeyError, NotInThisColumn):
        return False


def standing_of_creation(line: PlannedChange, sides: Sides) -> Standing:
    key = line.key or 0
    if key in sides.records.ambiguous:
        return Standing.OTHER
    if key not in sides.records.by_key:
        return Standing.BEFORE
    record, columns = sides.records.by_key[key], sides.table.by_name
    sent = {name: pair[1] for name, pair in line.cells.items()}
    there = {name: lenient(columns[name], record) for name in sent if name in columns}
    return Standing.AFTER if there == sent else Standing.OTHER


def standing_of_deletion(line: PlannedChange, sides: Sides) -> Standing:
    if not is_there(line, sides):
        return Standing.OTHER if line.record_id in sides.records.ids else Standing.AFTER
    before = {name: pair[0] for name, pair in line.cells.items()}
    record = sides.records.by_key[line.key or 0]
    files = [column.name for column in sides.table.columns if column.value is ATTACHMENTS]
    attached = line.plan.undoes_id and any(record.cells.get(name) for name in files)
    same = filled(sides.table, record) == before and not attached
    return Standing.BEFORE if same else Standing.OTHER


def standing_of_change(line: PlannedChange, sides: Sides) -> Standing:
    key = line.key or 0
    if not (is_there(line, sides) if sides.to_airtable else key in sides.rows):
        return Standing.OTHER
    now: dict[str, Cell] = {
        name: sides.target_cell(sides.table.by_name[name], key)
        for name in line.cells
        if name in sides.table.by_name
    }
    for place, found in enumerate((Standing.BEFORE, Standing.AFTER)):
        if now == {name: pair[place] for name, pair in line.cells.items()}:
            return found
    return Standing.OTHER


def is_there(line: PlannedChange, sides: Sides) -> bool:
    """Whether the record that it is about still has the number."""
    record = sides.records.by_key.get(line.key or 0)
    return record is not None and record.id == line.record_id


def whose(sides: Sides, *, of_target: bool) -> str:
    return "in Airtable" if sides.to_airtable == of_target else "here"
