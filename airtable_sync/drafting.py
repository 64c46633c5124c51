"""Comparing both sides: the lines of a plan, not stored yet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from airtable_sync.agreeing import Agreement
from airtable_sync.client import Record
from airtable_sync.conf import conf
from airtable_sync.errors import NotInThisColumn
from airtable_sync.judging import UNKNOWN, judged
from airtable_sync.models import PlannedChange, SyncedRecord
from airtable_sync.sides import Sides, Unusable
from airtable_sync.table import KEY, Column, TableSync
from airtable_sync.validity import Validity
from airtable_sync.values import ATTACHMENTS, Cell, is_blank, plain

Action = PlannedChange.Action


@dataclass
class Draft:
    """The lines of a plan, and what both sides were newly seen to agree on."""

    rows: int
    lines: list[PlannedChange] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)

    @property
    def writes(self) -> list[PlannedChange]:
        return [line for line in self.lines if line.action in PlannedChange.WRITES]

    @property
    def concerned(self) -> int:
        """How many records change, or have lost their counterpart, or their number."""
        return sum(
            line.action in (Action.CHANGE, Action.ORPHAN) or KEY in line.cells
            for line in self.lines
        )


def drafted(sides: Sides) -> Draft:
    return Drafting(sides).draft()


class Drafting:
    """One comparison on its way."""

    def __init__(self, sides: Sides) -> None:
        self.sides, self.table = sides, sides.table
        known = SyncedRecord.objects.filter(base=conf().base, name=sides.table.name)
        self.synced = {record.key: record for record in known}
        self.validity = Validity(sides)
        self.result = Draft(sides.size)
        # The rows whose record is there, but has lost its number.
        self.lost: set[int] = set()

    def draft(self) -> Draft:
        rows, records = self.sides.rows, self.sides.records.by_key
        for unusable in [*self.sides.records.unusable, *self._renumbered()]:
            self._refuse(unusable)
        for key in sorted((rows.keys() | records.keys()) - self.lost):
            if key in rows and key in records:
                self._compare(key)
            elif key in records:
                self._orphan(key, records[key])
            else:
                self._miss(key)
        return self.result

    def _renumbered(self) -> list[Unusable]:
        """Records whose number was another at the last sync: they would be taken for others."""
        records = self.sides.records
        last = {synced.record_id: key for key, synced in self.synced.items() if synced.record_id}
        self.lost |= records.ambiguous
        self.lost |= {last[one.record.id] for one in records.unusable if one.record.id in last}
        found = []
        for key, record in records.by_key.items():
            before = last.get(record.id, key)
            if before != key and before in self.sides.rows:
                found.append(Unusable(record, key, f"its number was {before} at the last sync"))
                self.lost |= {before, key}
        return found

    def _compare(self, key: int) -> None:
        cells: dict[Action, dict[str, list[Cell]]] = defaultdict(dict)
        agreed: dict[str, Cell] = {}
        record = self.sides.records.by_key[key]
        synced = self.synced.get(key, SyncedRecord())
        if synced.record_id not in ("", record.id):
            synced = SyncedRecord()  # made anew in Airtable: nothing was agreed with this one
        for column in self.sides.columns:
            name, target = column.name, self.sides.target_cell(column, key)
            try:
                owner = self.sides.owner_cell(column, key)
                action = judged(
                    owner,
                    target,
                    agreed=synced.agreed.get(name, UNKNOWN),
                    held=synced.held.get(name, UNKNOWN),
                )
                if action:
                    self.validity.check(column, key, owner)
            except NotInThisColumn as why:
                given = plain(self.sides.records.by_key[key].cells.get(name))
                cells[Action.PROBLEM][name] = [given, str(why)]
                continue
            if action:
                cells[action][name] = [target, owner]
            elif owner != synced.agreed.get(name, UNKNOWN):
                agreed[name] = owner
        for action, changes in cells.items():
            self._add(action, key, record.id, changes)
        if agreed:
            self.result.agreements.append(Agreement(key, record.id, agreed))

    def _refuse(self, unusable: Unusable) -> None:
        record = unusable.record
        cells = {KEY: [plain(record.cells.get(KEY)), unusable.reason]}
        label = label_of(self.table, record)
        self._add(Action.PROBLEM, unusable.key, record.id, cells, label)

    def _orphan(self, key: int, record: Record) -> None:
        cells = {name: [cell, None] for name, cell in filled(self.table, record).items()}
        self._add(Action.ORPHAN, key, record.id, cells, label_of(self.table, record))

    def _miss(self, key: int) -> None:
        """There is no record of this row."""
        synced = self.synced.get(key)
        undone = synced is not None and KEY in synced.held
        if not self.sides.to_airtable:
            if not undone:  # that its record was taken away again is no surprise
                self._add(Action.ORPHAN, key, "", {})
            return
        action = Action.HELD if undone else Action.CREATE
        cells = {name: [None, cell] for name, cell in described(self.table, self._row(key)).items()}
        self._add(action, key, "", cells)

    def _add(
        self, action: Action, key: int | None, record_id: str, cells: Mapping[str, Any],
        label: str = "",
    ) -> None:  # fmt: skip
        if key in self.sides.rows:
            label = str(self._row(key))
        line = PlannedChange(
            action=action, key=key, record_id=record_id, label=label[:600], cells=dict(cells)
        )
        self.result.lines.append(line)

    def _row(self, key: int) -> Any:
        return self.sides.rows[key]


def described(table: TableSync, row: Any) -> dict[str, Cell]:
    """All that is known of a row, as a new record has it: its metadata too, or they were blank."""
    cells = {column.name: column.cell_of(row) for column in sendable(table.columns)}
    # A new record has no box ticked.
    return {name: cell for name, cell in cells.items() if not is_blank(cell) and cell is not False}


def filled(table: TableSync, record: Record) -> dict[str, Cell]:
    """The cells of a record that it would have to have, if it were to be made again."""
    names = [column.name for column in sendable(table.columns)]
    return {name: plain(record.cells[name]) for name in names if name in record.cells}


def sendable(columns: Iterable[Column]) -> list[Column]:
    # Airtable takes files by their address only, and we keep none.
    return [column for column in columns if column.value is not ATTACHMENTS]


def label_of(table: TableSync, record: Record) -> str:
    """What people call it there, said as a network of ours is."""
    cells = {column.field: plain(record.cells.get(column.name)) for column in table.columns}
    name, sncu = cells.get("name"), cells.get("sncu")
    return f"{name} ({sncu})" if name and sncu else str(name or sncu or "")
