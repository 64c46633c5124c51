"""A file as a table of texts, whatever format it is in."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.limits import MAX_COLUMNS, MAX_ROWS
from pro_eligibility.uploads.text import text_records
from pro_eligibility.uploads.workbook import sheet_records

# What is looked at to tell what a file is; without a header, how many columns it has too.
FIRST_ROWS = 1_000


@dataclass(frozen=True)
class Table:
    """Rows are read as they are asked for, once. A long one keeps its extra cells."""

    columns: list[str]
    titles: list[list[str]]
    rows: Iterator[list[str]]


def read_table(content: bytes, layout: Layout) -> Table:
    """Its rows raise UnicodeDecodeError or UploadRefused if the layout is not the file's.

    `check_layout` tells beforehand.
    """
    return table_of(records_of(content, layout), layout.header_line)


def count_rows(table: Table) -> int:
    """How many are left of it. Raises UploadRefused if there are none, or too much."""
    count = 0
    widest = len(table.columns)
    for row in table.rows:
        count += 1
        widest = max(widest, len(row))
        if count > MAX_ROWS:
            raise UploadRefused("too_many_rows", most=MAX_ROWS)
    if widest > MAX_COLUMNS:
        raise UploadRefused("too_many_columns", count=widest, most=MAX_COLUMNS)
    if not count:
        raise UploadRefused("no_rows")
    return count


def records_of(content: bytes, layout: Layout) -> Iterator[list[str]]:
    if layout.format == "workbook":
        return sheet_records(content, layout.sheet)
    return text_records(content, layout)


def table_of(records: Iterator[list[str]], header_line: int | None) -> Table:
    if header_line is None:
        first = list(islice(records, FIRST_ROWS))
        columns = [letters_of(number) for number in range(max(map(len, first), default=0))]
        return Table(columns, [], padded(chain(first, records), len(columns)))
    titles = list(islice(records, header_line))
    columns = [name.strip() for name in next(records, [])]
    return Table(columns, titles, padded(records, len(columns)))


def padded(records: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    for record in records:
        yield record + [""] * (width - len(record))


def letters_of(column: int) -> str:
    """As in a spreadsheet: A, B, …, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
