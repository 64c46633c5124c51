"""Rows in = rows out: each row of the file with its question, or why there is none."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from pro_eligibility.models.address_row import Reason, State
from pro_eligibility.uploads.coordinates import are_in_france, in_lambert_93, number, pair
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.limits import LONGEST_ADDRESS
from pro_eligibility.uploads.postcodes import short_postcodes, with_zero
from pro_eligibility.uploads.table import read_table
from pro_eligibility.uploads.totals import is_total
from pro_eligibility.uploads.words import folded, single_blanks

# Converted to Lambert-93 at once.
ROWS_AT_ONCE = 5_000


class ParsedRow(NamedTuple):
    """A row of the file. With coordinates it has no query, but `x` and `y` in Lambert-93."""

    number: int  # from 1
    cells: list[str]
    query: str = ""
    query_key: str = ""
    state: State = State.WAITING
    reason: Reason = Reason.WAITING
    facts: dict[str, Any] = {}
    x: float | None = None
    y: float | None = None


class Place(NamedTuple):
    """Coordinates as they were written; None where they are no numbers."""

    written: str
    x: float | None
    y: float | None


def parsed_rows(content: bytes, layout: Layout) -> Iterator[ParsedRow]:
    """One for each row of the file that is not blank, in its order. Raises for none of them."""
    table, short = short_postcodes(read_table(content, layout), layout)
    return parse(table.rows, layout, short)


def parse(
    rows: Iterable[list[str]], layout: Layout, short: Collection[int] = ()
) -> Iterator[ParsedRow]:
    """`short` are the columns of `short_postcodes`."""
    numbered = enumerate(rows, 1)
    if layout.mode == "address":
        return (with_address(n, cells, layout.address_columns, short) for n, cells in numbered)
    return with_coordinates(numbered, layout)


def with_address(n: int, cells: list[str], columns: list[int], short: Collection[int]) -> ParsedRow:
    parts = (with_zero(cells[column]) if column in short else cells[column] for column in columns)
    query = single_blanks(" ".join(parts))
    key = folded(query)
    row = ParsedRow(n, cells, query, key)
    if is_total(cells, query):
        return invalid(row, Reason.TOTAL)
    if not key:
        return invalid(row, Reason.EMPTY)
    if len(query) > LONGEST_ADDRESS:
        return invalid(row, Reason.TOO_LONG, length=len(query), most=LONGEST_ADDRESS)
    return row


def with_coordinates(
    numbered: Iterator[tuple[int, list[str]]], layout: Layout
) -> Iterator[ParsedRow]:
    while batch := list(islice(numbered, ROWS_AT_ONCE)):
        places = [place_of(cells, layout) for _, cells in batch]
        xs, ys = in_lambert_93(
            np.array([place.x for place in places], float),
            np.array([place.y for place in places], float),
            layout.crs,
        )
        inside = are_in_france(xs, ys)
        for (n, cells), place, x, y, is_inside in zip(
            batch, places, xs.tolist(), ys.tolist(), inside.tolist(), strict=True
        ):
            if is_inside:
                yield ParsedRow(n, cells, x=x, y=y)
            else:
                yield without_place(ParsedRow(n, cells), place)


def place_of(cells: list[str], layout: Layout) -> Place:
    if layout.xy_column is not None:
        written = cells[layout.xy_column].strip()
        first, second = pair(written) or (None, None)
        return Place(written, *((second, first) if layout.xy_order == "yx" else (first, second)))
    assert layout.x_column is not None
    assert layout.y_column is not None
    x, y = cells[layout.x_column].strip(), cells[layout.y_column].strip()
    if not x or not y:
        return Place("", None, None)
    numbers = number(x), number(y)
    wrong = [text for text, value in zip((x, y), numbers, strict=True) if value is None]
    return Place(wrong[0] if wrong else f"{y}; {x}", *numbers)


def without_place(row: ParsedRow, place: Place) -> ParsedRow:
    if is_total(row.cells, ""):
        return invalid(row, Reason.TOTAL)
    if not place.written:
        return invalid(row, Reason.NO_COORDINATES)
    is_number = place.x is not None and place.y is not None
    return invalid(row, Reason.OUTSIDE if is_number else Reason.NOT_A_NUMBER, value=place.written)


def invalid(row: ParsedRow, reason: Reason, **facts: Any) -> ParsedRow:
    return row._replace(state=State.INVALID, reason=reason, facts=facts)
