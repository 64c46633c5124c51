"""The tables as Airtable has to have them, in the form in which it makes a base of them."""

from typing import Any

from airtable_sync.table import KEY, Column, TableSync
from airtable_sync.tables import TABLES
from airtable_sync.values import WHOLE, Value

# Airtable merges by no other type of number.
KEY_TYPES = frozenset({"number"})
# What is made of a value that may be of several.
PREFERRED = ("singleLineText", "number", "checkbox", "date", "multipleAttachments")
OPTIONS: dict[str, dict[str, Any]] = {
    "checkbox": {"icon": "check", "color": "greenBright"},
    "date": {"dateFormat": {"name": "iso"}},
    "number": {"precision": 8},  # as many digits as it can show
}


def expected_schema() -> list[Any]:
    """Each table with all of its columns."""
    return [{"name": table.title, "fields": fields_of(table)} for table in TABLES.all()]


def fields_of(table: TableSync) -> list[dict[str, Any]]:
    """The name first, by which Airtable shows a record, then the key."""
    columns = sorted(table.columns, key=lambda column: column.field != "name")
    first, *others = map(field_of, columns)
    return [first, described(KEY, WHOLE), *others]


def field_of(column: Column) -> dict[str, Any]:
    return described(column.name, column.value)


def described(name: str, value: Value) -> dict[str, Any]:
    type = next(type for type in PREFERRED if type in value.types)
    options = {"precision": 0} if value is WHOLE else OPTIONS.get(type)
    return {"name": name, "type": type} | ({"options": options} if options else {})
