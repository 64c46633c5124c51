"""CSV that a French Excel opens right by a double click.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, in whichever column
it is, for a file from elsewhere may harm who opens it. It is the only change made to a cell of the
upload. The XLSX needs none, because there a text is marked as one; but it cuts what is longer than
Excel takes, and has the numbers of a workbook as numbers.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from types import NoneType
from typing import Any

from pro_eligibility.exports.columns import DEGREES, Value
from pro_eligibility.exports.sheet import Sheet, yes_or_no

BOM = "\ufeff"  # without it, Excel takes UTF-8 for windows-1252
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
PLAIN_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?", re.ASCII)


def csv_parts(sheet: Sheet) -> Iterator[bytes]:
    """Some lines at a time."""
    yield encoded([sheet.titles], BOM)
    for lines in sheet.lines:
        yield encoded(lines)


def encoded(lines: Sequence[Sequence[Value]], before: str = "") -> bytes:
    text = io.StringIO(before, newline="")
    text.seek(0, io.SEEK_END)
    writers = WRITERS | {bool: yes_or_no().__getitem__}
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [writers[type(value)](value) for value in line] for line in lines
    )
    return text.getvalue().encode()


def decimal(value: float) -> str:
    return f"{value:.{DEGREES}f}".rstrip("0").rstrip(".").replace(".", ",")


def minute(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


def harmless(text: str) -> str:
    is_formula = text.startswith(FORMULA) and not PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


WRITERS: dict[type, Callable[[Any], str]] = {
    str: harmless,
    NoneType: lambda value: "",
    int: str,
    float: decimal,
    datetime: minute,
}
