"""What Airtable gives and takes."""

from typing import Any, NamedTuple, NotRequired, TypedDict


class Record(NamedTuple):
    """One record. Empty cells, and boxes that are not ticked, are not among its cells."""

    id: str
    cells: dict[str, Any]


class Upsert(TypedDict):
    """A record to be written; without an id it is the one with the same key, or a new one."""

    id: NotRequired[str]
    fields: dict[str, Any]


class Field(NamedTuple):
    name: str
    type: str


class Table(NamedTuple):
    """A table of the base with its columns."""

    name: str
    fields: list[Field]
