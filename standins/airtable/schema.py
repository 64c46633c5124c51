"""How tables are described: as Airtable itself does, where identifiers may be left out."""

from typing import Any, Required, TypedDict


class FieldSchema(TypedDict, total=False):
    id: str
    name: Required[str]
    type: Required[str]
    options: dict[str, Any]
    description: str


class TableSchema(TypedDict, total=False):
    id: str
    name: Required[str]
    fields: Required[list[FieldSchema]]  # the first one is the primary field
    description: str
