"""A test as a table: its own cells first and untouched, then our columns."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Func, IntegerField, Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pro_eligibility.exports.columns import COLUMNS, Value
from pro_eligibility.exports.records import Record, batches
from pro_eligibility.models import EligibilityTest

AS_IT_WAS = _("A column of your file, as it was.")
NUMBERS_AS_SUCH = _(
    "A column of your file, as it was: numbers of at most 15 digits are numbers, all else is text."
)


class Heading(NamedTuple):
    """Of a column."""

    title: str
    meaning: str


class Sheet(NamedTuple):
    """Headings, and the lines some at a time: read once."""

    headings: list[Heading]
    lines: Iterator[list[list[Value]]]

    @property
    def titles(self) -> list[str]:
        return [heading.title for heading in self.headings]


def whole_sheet(
    test: EligibilityTest, *, cell: Callable[[str], Value] = str, meaning: Any = AS_IT_WAS
) -> Sheet:
    """All of the file and all that is known of it. Raises NotRead or Purged.

    `cell` is what becomes of a cell of the file, `meaning` says so.
    """
    read = batches(test)
    names = column_names(test)
    values = [column.value for column in COLUMNS]

    def line(record: Record) -> list[Value]:
        cells = record.row.cells
        blanks = [""] * (len(names) - len(cells))
        return [*map(cell, cells), *blanks, *[value(record) for value in values]]

    own = [Heading(name, str(meaning)) for name in names]
    ours = [Heading(str(column.title), str(column.meaning)) for column in COLUMNS]
    return Sheet(own + ours, lines(read, line))


def lines(
    read: Iterator[list[Record]], line: Callable[[Record], list[Value]]
) -> Iterator[list[list[Value]]]:
    return ([line(record) for record in batch] for batch in read)


def column_names(test: EligibilityTest) -> list[str]:
    """Of the file; nameless ones for what is beyond its header, so that no row loses a cell."""
    length = Func("cells", function="jsonb_array_length", output_field=IntegerField())
    longest = test.rows.aggregate(longest=Max(length))["longest"] or 0
    return [*test.columns, *[""] * (longest - len(test.columns))]


def yes_or_no() -> dict[bool, str]:
    return {True: gettext("yes"), False: gettext("no")}
