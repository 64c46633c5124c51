"""One table of the base: its fields and records, as people see and change them."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from standins.airtable import attachments, errors
from standins.airtable.cells import is_empty
from standins.airtable.fields import Field
from standins.airtable.ids import Ids, made_up
from standins.airtable.paging import Iterators
from standins.airtable.schema import TableSchema

VIEW = "Grid view"


@dataclass
class Record:
    id: str
    created_time: str
    cells: dict[str, Any] = field(default_factory=dict)  # by the field's id; never an empty one

    def put(self, cells: Mapping[str, Any]) -> None:
        self.cells.update(cells)
        self.cells = {id: cell for id, cell in self.cells.items() if not is_empty(cell)}


class Table:
    """`add`, `change` and `remove` are what somebody does in Airtable itself: no request is counted
    and no value refused, so that a formula's error can be planted too.
    """

    def __init__(self, schema: TableSchema, lock: RLock) -> None:
        self.name, self.lock = schema["name"], lock
        self.id = schema.get("id") or made_up("tbl", self.name)
        self.view_id = made_up("viw", self.id)
        self.fields = [Field.of(one, self.name) for one in schema["fields"]]
        self.ids, self.iterators = Ids(self.id), Iterators(self.id)
        self.by_id: dict[str, Record] = {}

    def add(self, fields: Mapping[str, Any]) -> str:
        """The new record's id."""
        with self.lock:
            planted = self._planted(fields)
            record = self.insert()
            record.put(planted)
        return record.id

    @property
    def records(self) -> list[dict[str, Any]]:
        """As the service answers them: empty cells are left out."""
        with self.lock:
            return [self.shown(record) for record in self.by_id.values()]

    def change(self, record_id: str, fields: Mapping[str, Any]) -> None:
        with self.lock:
            self.record(record_id).put(self._planted(fields))

    def remove(self, record_id: str) -> None:
        with self.lock:
            del self.by_id[self.record(record_id).id]

    def rename_field(self, old: str, new: str) -> None:
        with self.lock:
            self.field(old).name = new

    def remove_field(self, name: str) -> None:
        with self.lock:
            self.fields.remove(self.field(name))

    def where(self, fields: Mapping[str, Any]) -> list[str]:
        """The ids of the records with these values."""
        with self.lock:
            return [record.id for record in self.matching(self._planted(fields))]

    def matching(self, cells: Mapping[str, Any]) -> list[Record]:
        """The records with these cells, by the field's id."""
        wanted = {id: None if is_empty(cell) else cell for id, cell in cells.items()}
        return [
            record
            for record in self.by_id.values()
            if all(record.cells.get(id) == cell for id, cell in wanted.items())
        ]

    def insert(self) -> Record:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = Record(self.ids.next("rec"), now)
        self.by_id[record.id] = record
        return record

    def record(self, record_id: str) -> Record:
        """Raises ApiError."""
        if record_id not in self.by_id:
            raise errors.not_found()
        return self.by_id[record_id]

    def field(self, name_or_id: str) -> Field:
        """Raises ApiError naming it."""
        if found := self.find_field(name_or_id):
            return found
        raise errors.unknown_field(name_or_id)

    def find_field(self, name_or_id: str) -> Field | None:
        return next((one for one in self.fields if name_or_id in (one.id, one.name)), None)

    def shown(
        self, record: Record, fields: list[Field] | None = None, *, by_field_id: bool = False
    ) -> dict[str, Any]:
        """Its cells in the order of the fields; only of these, if any are given."""
        cells = {
            one.id if by_field_id else one.name: attachments.shown(record.cells[one.id])
            for one in (self.fields if fields is None else fields)
            if one.id in record.cells
        }
        return {"id": record.id, "createdTime": record.created_time, "fields": cells}

    def described(self) -> dict[str, Any]:
        view = {"id": self.view_id, "name": VIEW, "type": "grid"}
        return {
            "id": self.id,
            "name": self.name,
            "primaryFieldId": self.fields[0].id,
            "fields": [one.described() for one in self.fields],
            "views": [view | {"visibleFieldIds": [one.id for one in self.fields]}],
        }

    def _planted(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        planted = {}
        for name, value in fields.items():
            one, cell = self.field(name), deepcopy(value)
            is_file = one.type == "multipleAttachments"
            planted[one.id] = attachments.planted(cell, self.ids) if is_file else cell
        return planted
