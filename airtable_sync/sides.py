"""Both sides of a table as they are now, matched by their key."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from airtable_sync.client import Record
from airtable_sync.errors import NotInThisColumn
from airtable_sync.models import SyncPlan
from airtable_sync.table import KEY, Column, Owner, TableSync
from airtable_sync.values import WHOLE, Cell, plain, said

Direction = SyncPlan.Direction
OWNERS = {Direction.TO_AIRTABLE: Owner.OURS, Direction.FROM_AIRTABLE: Owner.AIRTABLE}


class Unusable(NamedTuple):
    """A record that cannot be matched."""

    record: Record
    key: int | None
    reason: str


class Records:
    """Those of Airtable that have a key of their own, and the others."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.unusable: list[Unusable] = []
        found: dict[int, list[Record]] = defaultdict(list)
        self.ids: set[str] = set()
        for record in records:
            self.ids.add(record.id)
            try:
                found[key_of(record)].append(record)
            except NotInThisColumn as why:
                self.unusable.append(Unusable(record, None, str(why)))
        self.by_key = {key: same[0] for key, same in found.items() if len(same) == 1}
        # Which of them is meant nobody knows, so neither is read and neither is written.
        self.ambiguous = {key for key, same in found.items() if len(same) > 1}
        self.unusable += [
            Unusable(record, key, f"{len(found[key])} records have the number {key}")
            for key in sorted(self.ambiguous)
            for record in found[key]
        ]

    def __len__(self) -> int:
        return len(self.by_key) + len(self.unusable)


def key_of(record: Record) -> int:
    key: int | None = WHOLE.normal(record.cells.get(KEY))
    if key is None:
        raise NotInThisColumn("the number is missing")
    if not 1 <= key < 2**31:
        raise NotInThisColumn(f"{said(key)} is no number of a network")
    return key


class Sides:
    """What is compared: in each direction the columns of its owner with those of its target."""

    def __init__(self, table: TableSync, direction: Direction, records: Records) -> None:
        self.table, self.direction, self.records = table, direction, records
        self.rows: dict[int, Any] = {row.pk: row for row in table.rows()}
        self.columns = table.owned_by(OWNERS[direction])

    @property
    def to_airtable(self) -> bool:
        return self.direction == Direction.TO_AIRTABLE

    @property
    def size(self) -> int:
        keys = self.rows.keys() | self.records.by_key.keys()
        return len(keys) + len(self.records.unusable)

    def owner_cell(self, column: Column, key: int) -> Cell:
        """Raises NotInThisColumn, of a cell of Airtable."""
        return self._row_cell(column, key) if self.to_airtable else self._cell(column, key)

    def target_cell(self, column: Column, key: int) -> Cell:
        if not self.to_airtable:
            return self._row_cell(column, key)
        return lenient(column, self.records.by_key[key])

    def _row_cell(self, column: Column, key: int) -> Cell:
        return column.cell_of(self.rows[key])

    def _cell(self, column: Column, key: int) -> Cell:
        return column.value.normal(self.records.by_key[key].cells.get(column.name))


def lenient(column: Column, record: Record) -> Cell:
    """The cell of a record; where it is none of its column, as it is: it will be overwritten."""
    cell = record.cells.get(column.name)
    try:
        return column.value.normal(cell)
    except NotInThisColumn:
        return plain(cell)


def wanted(table: TableSync, direction: Direction) -> list[str]:
    """The columns to read. Airtable refuses to list one that it does not have (any more)."""
    # New records get everything that is known, and deleted ones are kept whole.
    all_of_them = direction == Direction.TO_AIRTABLE
    columns = table.columns if all_of_them else table.owned_by(OWNERS[direction])
    return [KEY, *(column.name for column in columns)]
