"""Whether a row may have a value: by its field, and beside the other rows."""

from typing import Any

from django.core.exceptions import ValidationError

from airtable_sync.errors import NotInThisColumn
from airtable_sync.sides import Sides
from airtable_sync.table import Column
from airtable_sync.values import Cell, said


class Validity:
    """Of what would be written into the rows of one table."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        # By column: which row has, or is to get, each value that only one may have.
        self._holders: dict[str, dict[Any, int]] = {}

    def check(self, column: Column, key: int, cell: Cell) -> None:
        """Raises NotInThisColumn. What flows to Airtable is its own to check."""
        if self._sides.to_airtable:
            return
        field, value = self._sides.table.field(column), column.value.value(cell)
        try:
            field.clean(value, self._sides.rows[key])
        except ValidationError as error:
            reasons = " ".join(error.messages).rstrip(".")
            raise NotInThisColumn(f"{said(cell)} cannot be taken: {reasons}") from None
        if field.unique:
            self._check_unique(column, key, value)

    def _check_unique(self, column: Column, key: int, value: Any) -> None:
        holders = self._holders.setdefault(
            column.name,
            {getattr(row, column.field): row.pk for row in self._sides.rows.values()},
        )
        if (holder := holders.setdefault(value, key)) != key:
            raise NotInThisColumn(f"{said(value)} is that of {self._sides.rows[holder]} already")
