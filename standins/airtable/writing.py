"""What is written through the API: each request as a whole, or not at all."""

import json
from typing import Any, NamedTuple

from standins.airtable import attachments, errors
from standins.airtable.bodies import Batch, Upsert, Written
from standins.airtable.cells import accepted
from standins.airtable.fields import MERGEABLE, Field
from standins.airtable.table import Record, Table


class Done(NamedTuple):
    """The records in the order in which they were sent, and which of them are new."""

    records: list[Record]
    created: list[str]

    @property
    def updated(self) -> list[str]:
        return [record.id for record in self.records if record.id not in self.created]


class Planned(NamedTuple):
    """What one record that was sent will do; nothing is changed before all of them are known."""

    record: Record | None  # None: a new one
    cells: dict[str, Any]
    key: str = ""  # of a new one, by which another would be the same

    @property
    def name(self) -> str:
        return self.record.id if self.record else self.key


def create(table: Table, batch: Batch) -> Done:
    if batch.perform_upsert or any(one.id for one in batch.records):
        raise errors.invalid_request()
    return carry_out(table, [Planned(None, cells_of(table, one, batch)) for one in batch.records])


def update(table: Table, batch: Batch, *, replace: bool) -> Done:
    """`replace`: the cells that are not mentioned are cleared."""
    plan = [planned(table, one, batch) for one in batch.records]
    refuse_repeated([one.name for one in plan])
    if replace:
        cleared = {field.id: None for field in table.fields if not field.is_computed}
        plan = [one._replace(cells=cleared | one.cells) for one in plan]
    return carry_out(table, plan)


def delete(table: Table, record_ids: list[str]) -> None:
    if not 1 <= len(record_ids) <= 10:
        raise errors.invalid_request()
    refuse_repeated(record_ids)
    for record in [table.record(id) for id in record_ids]:
        del table.by_id[record.id]


def carry_out(table: Table, plan: list[Planned]) -> Done:
    records, created = [], []
    for one in plan:
        for field in table.fields:
            field.learn(one.cells.get(field.id))
        record = one.record or table.insert()
        record.put(one.cells)
        records.append(record)
        created += [] if one.record else [record.id]
    return Done(records, created)


def planned(table: Table, written: Written, batch: Batch) -> Planned:
    cells = cells_of(table, written, batch)
    if written.id:
        return Planned(table.record(written.id), cells)
    if not batch.perform_upsert:
        raise errors.invalid_request()
    return merged(table, cells, batch.perform_upsert)


def cells_of(table: Table, written: Written, batch: Batch) -> dict[str, Any]:
    cells = {}
    for name, value in written.fields.items():
        field = table.field(name)
        cell = accepted(field, value, typecast=batch.typecast)
        is_file = field.type == "multipleAttachments" and cell is not None
        cells[field.id] = [file_of(table, field, one) for one in cell] if is_file else cell
    return cells


def file_of(table: Table, field: Field, given: dict[str, Any]) -> dict[str, Any]:
    """A file that a cell of this field holds already, or a new one from its address."""
    if "id" not in given:
        return attachments.attached(given["url"], table.ids, given.get("filename"))
    for record in table.by_id.values():
        for one in record.cells.get(field.id, []):
            if attachments.is_file(one) and one["id"] == given["id"]:
                return one
    raise errors.unknown_attachment(field.name)


def merged(table: Table, cells: dict[str, Any], upsert: Upsert) -> Planned:
    """The record with the same values is updated; without one, a new one is made."""
    fields = [table.field(name) for name in upsert.fields_to_merge_on]
    if any(field.type not in MERGEABLE or field.id not in cells for field in fields):
        raise errors.invalid_request()
    key = {field.id: cells[field.id] for field in fields}
    found = table.matching(key)
    if len(found) > 1:
        raise errors.several_matches([field.name for field in fields])
    return Planned(found[0], cells) if found else Planned(None, cells, json.dumps(key))


def refuse_repeated(names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise errors.repeated_record()
