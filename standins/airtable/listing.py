"""What records are read, in what order, and how they are shown."""

from typing import Any

from standins.airtable import errors
from standins.airtable.bodies import Listing, Reading, Sort
from standins.airtable.fields import Field
from standins.airtable.formula import Formula
from standins.airtable.table import VIEW, Record, Table
from standins.airtable.text import text_of


def page(table: Table, listing: Listing) -> dict[str, Any]:
    fields = None if listing.fields is None else [table.field(name) for name in listing.fields]
    if listing.view not in ("", VIEW, table.view_id):
        raise errors.unknown_view(listing.view)
    if listing.offset:
        iterator, order = table.iterators.resume(listing.offset)
    else:
        order = [record.id for record in chosen(table, listing)]
        iterator = ""
    # Records that were deleted since leave no gap.
    left = [id for id in order if id in table.by_id]
    now, later = left[: listing.page_size], left[listing.page_size :]
    answer: dict[str, Any] = {
        "records": [shown(table, table.by_id[id], listing, fields) for id in now]
    }
    if later:
        answer["offset"] = f"{iterator or table.iterators.begin(order)}/{later[0]}"
    return answer


def shown(
    table: Table, record: Record, reading: Reading, fields: list[Field] | None = None
) -> dict[str, Any]:
    answer = table.shown(record, fields, by_field_id=reading.return_fields_by_field_id)
    if reading.cell_format == "string":
        answer["fields"] = {name: text_of(cell) for name, cell in answer["fields"].items()}
    if isinstance(reading, Listing) and reading.record_metadata:
        answer["commentCount"] = 0
    return answer


def chosen(table: Table, listing: Listing) -> list[Record]:
    records = list(table.by_id.values())
    if listing.filter_by_formula:
        formula = Formula(listing.filter_by_formula, table)
        records = [record for record in records if formula.holds(record)]
    for sort in reversed(listing.sort):
        records = in_order(table, records, sort)
    return records[: listing.max_records]


def in_order(table: Table, records: list[Record], sort: Sort) -> list[Record]:
    id = table.field(sort.field).id
    return sorted(
        records, key=lambda record: rank(record.cells.get(id)), reverse=sort.direction == "desc"
    )


def rank(cell: Any) -> tuple[int, float, str]:
    """Empty cells first, then numbers, then the rest as text."""
    if cell is None:
        return 0, 0, ""
    if isinstance(cell, int | float):
        return 1, cell, ""
    return 2, 0, text_of(cell).lower()
