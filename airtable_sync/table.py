"""What is declared of a table: its two sides, and each column with its owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, cast

from django.db.models import BooleanField, ExpressionWrapper, Field, Q, QuerySet

from airtable_sync.errors import UnknownTable
from airtable_sync.values import Cell, Value
from networks.kinds import Kind
from networks.models.placed import Placed

KEY = "id_fcu"


class Owner(Enum):
    """Who alone decides what is in a column."""

    OURS = "ours"  # follows from geometries: flows to Airtable
    AIRTABLE = "airtable"  # metadata: flows from there


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of Airtable and the field, or property, of the model that goes with it."""

    name: str
    field: str
    value: Value
    owner: Owner
    # Whether addresses may have another answer when it changes.
    matters: bool = False

    def cell_of(self, row: Placed) -> Cell:
        return self.value.cell(getattr(row, self.field))


def ours(name: str, field: str, value: Value) -> Column:
    return Column(name=name, field=field, value=value, owner=Owner.OURS)


def theirs(name: str, field: str, value: Value, *, matters: bool = False) -> Column:
    return Column(name=name, field=field, value=value, owner=Owner.AIRTABLE, matters=matters)


def all_theirs(value: Value, columns: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns of one kind of value, by name, that matter to no address."""
    return tuple(theirs(name, field, value) for name, field in columns.items())


@dataclass(frozen=True, kw_only=True)
class TableSync:
    """One model and one table of Airtable, matched by `id_fcu`."""

    name: str
    # As Airtable calls it.
    title: str
    kind: Kind
    columns: tuple[Column, ...]

    @property
    def model(self) -> type[Placed]:
        return cast(type[Placed], self.kind.model)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def owned_by(self, owner: Owner) -> list[Column]:
        return [column for column in self.columns if column.owner is owner]

    def field(self, column: Column) -> "Field[Any, Any]":
        return cast("Field[Any, Any]", self.model._meta.get_field(column.field))

    def rows(self) -> QuerySet[Any]:
        """By number, without the geometries, which are large."""
        # is_zone asks what kind of geometry it is; the few that have it are read whole.
        asks_geometry = any(column.field == "is_zone" for column in self.columns)
        rows = self.model._default_manager.order_by("pk").annotate(has_trace=HAS_TRACE)
        return rows if asks_geometry else rows.defer("geometry")


HAS_TRACE = ExpressionWrapper(Q(geometry__isnull=False), BooleanField())


class TableSyncs:
    """All that are declared, by name."""

    def __init__(self, *tables: TableSync) -> None:
        self._tables = {table.name: table for table in tables}

    def __getitem__(self, name: str) -> TableSync:
        try:
            return self._tables[name]
        except KeyError:
            raise UnknownTable(name, self._tables) from None

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def all(self) -> list[TableSync]:
        return list(self._tables.values())

    def names(self) -> list[str]:
        return list(self._tables)
