"""Postcodes whose leading zero a spreadsheet took for nothing: 1000 instead of 01000."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain, islice

from pro_eligibility.uploads.addresses import share
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.names import role_of
from pro_eligibility.uploads.table import FIRST_ROWS, Table

SHORT, LONG = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{5}")
HALF = 0.5


def short_postcodes(table: Table, layout: Layout) -> tuple[Table, Collection[int]]:
    """The columns that may have some, and the table again, because its rows are read once.

    In a text only those whose other postcodes have five digits: other countries have four.
    """
    asked = layout.address_columns if layout.mode == "address" else []
    columns = {column for column in asked if role_of(table.columns[column]) == "postcode"}
    if not columns or layout.format == "workbook":
        return table, columns
    first = list(islice(table.rows, FIRST_ROWS))
    again = replace(table, rows=chain(first, table.rows))
    return again, {column for column in columns if are_french([row[column] for row in first])}


def are_french(cells: Sequence[str]) -> bool:
    others = [cell for cell in map(str.strip, cells) if cell and not SHORT.fullmatch(cell)]
    return bool(others) and share(bool(LONG.fullmatch(cell)) for cell in others) >= HALF


def with_zero(cell: str) -> str:
    return f"0{cell.strip()}" if SHORT.fullmatch(cell.strip()) else cell
