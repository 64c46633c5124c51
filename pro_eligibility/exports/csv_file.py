"""CSV that a French Excel opens right by a double click.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, in whichever column
it is, for a file from elsewhere may harm who opens it. It is the only change made to a cell of the
upload; the XLSX has every cell as it was, because there a text is marked as one.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
from django.utils.translation import gettext as _

from pro_eligibility.exports.columns import Value
from pro_eligibility.exports.sheet import Sheet

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
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [written(value) for value in line] for line in lines
    )
    return text.getvalue().encode()


def written(value: Value) -> str:
    match value:
        case str():
            return harmless(value)
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case float():
            return np.format_float_positional(value, trim="-").replace(".", ",")
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def harmless(text: str) -> str:
    is_formula = text.startswith(FORMULA) and not PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text
