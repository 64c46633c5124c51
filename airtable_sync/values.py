"""How values convert: ours to a cell of Airtable, and a cell to a value of ours.

A cell is JSON as Airtable has it, in one form for what means the same: None for an empty cell,
False for a box that is not ticked, no list for no attachments. So cells can be compared.
"""

import math
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Protocol

from django.utils import timezone

from airtable_sync.errors import NotInThisColumn
from jobs.content import printable

Cell = Any

TEXTS = frozenset({"singleLineText", "multilineText", "richText", "url", "email", "singleSelect"})
NUMBERS = frozenset({"number", "percent", "currency"})


class Value(Protocol):
    """One way to convert. `types` are those of Airtable's fields that can hold it."""

    types: frozenset[str]

    def cell(self, value: Any) -> Cell:
        """Ours, as Airtable has it."""

    def normal(self, cell: Cell) -> Cell:
        """Airtable's, in the form in which cells are compared; or NotInThisColumn."""

    def value(self, cell: Cell) -> Any:
        """A cell in that form, as ours."""


class Text:
    """A text; blanks around it do not count."""

    types = TEXTS

    def cell(self, value: str) -> Cell:
        return value.strip() or None

    def normal(self, cell: Cell) -> Cell:
        if cell is None:
            return None
        if not isinstance(cell, str):
            raise NotInThisColumn(f"{said(cell)} is no text")
        check_storable(cell)
        return cell.strip() or None

    def value(self, cell: Cell) -> str:
        return str(cell or "")


class Number:
    """A number, whole or not."""

    types = NUMBERS

    def cell(self, value: float | None) -> Cell:
        return value

    def normal(self, cell: Cell) -> Cell:
        if cell is None or cell == "NULL":  # written by an older import
            return None
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
            raise NotInThisColumn(f"{said(cell)} is no number")
        return cell

    def value(self, cell: Cell) -> Any:
        return cell


class Whole(Number):
    """A whole number."""

    def normal(self, cell: Cell) -> Cell:
        number = super().normal(cell)
        if number is not None and number != int(number):
            raise NotInThisColumn(f"{said(cell)} is no whole number")
        return number if number is None else int(number)


class Flag:
    """Yes or no; Airtable leaves out the boxes that are not ticked."""

    types = frozenset({"checkbox"})

    def cell(self, value: bool | None) -> Cell:
        return bool(value)

    def normal(self, cell: Cell) -> Cell:
        if cell is not None and not isinstance(cell, bool):
            raise NotInThisColumn(f"{said(cell)} is neither ticked nor not ticked")
        return bool(cell)

    def value(self, cell: Cell) -> bool:
        return bool(cell)


class Day(Text):
    """A day, of a moment in the time zone of the project."""

    types = frozenset({"date"})

    def cell(self, value: Any) -> Cell:
        if isinstance(value, datetime):
            value = timezone.localdate(value)
        return value.isoformat() if isinstance(value, date) else None


class Joined(Text):
    """A list of names, as one text."""

    def cell(self, value: Any) -> Cell:
        return ",".join(value or ()) or None


class Attachments:
    """Files that Airtable keeps. What is stored has no address, for theirs expire in hours."""

    types = frozenset({"multipleAttachments"})
    kept: ClassVar[tuple[str, ...]] = ("id", "filename", "size", "type")

    def cell(self, value: list[dict[str, Any]] | None) -> Cell:
        return value or []

    def normal(self, cell: Cell) -> Cell:
        files = [] if cell is None else cell
        if not isinstance(files, list) or not all(is_file(file) for file in files):
            raise NotInThisColumn(f"{said(cell)} is no list of attachments")
        kept = [{name: file.get(name) for name in self.kept} for file in files]
        check_storable(kept)
        return kept

    def value(self, cell: Cell) -> list[dict[str, Any]]:
        return list(cell or [])


TEXT, NUMBER, WHOLE, FLAG, DAY = Text(), Number(), Whole(), Flag(), Day()
JOINED, ATTACHMENTS = Joined(), Attachments()


def plain(cell: Cell) -> Cell:
    """A cell as jsonb can keep it: what it cannot is shown as people would write it."""
    match cell:
        case str():
            return printable(cell)
        case float() if not math.isfinite(cell):
            return str(cell)
        case list():
            return [plain(item) for item in cell]
        case dict():
            return {printable(name): plain(item) for name, item in cell.items()}
        case _:
            return cell


def check_storable(cell: Cell) -> None:
    """Raises NotInThisColumn where PostgreSQL could not store it."""
    if plain(cell) != cell:
        raise NotInThisColumn(f"{cell!r:.100} has characters that cannot be stored")


def is_blank(cell: Cell) -> bool:
    """Whether somebody has to have filled it in, for it to be otherwise."""
    return cell is None or cell == []


def is_file(file: Any) -> bool:
    return isinstance(file, dict) and isinstance(file.get("id"), str)


def said(cell: Cell) -> str:
    """A cell, as an error repeats it."""
    if isinstance(cell, dict) and (wrong := failed(cell.items())):
        return f"the error {wrong} of a formula"
    return f"{cell!r:.100}"


def failed(items: Iterable[tuple[str, Any]]) -> Any:
    return next((value for name, value in items if name in ("error", "specialValue")), None)
