"""XLSX whose texts are texts: no cell of a file becomes a formula, a link or a number."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook

from pro_eligibility.exports.columns import Value
from pro_eligibility.exports.legend import legend
from pro_eligibility.exports.sheet import Sheet, yes_or_no
from pro_eligibility.models import EligibilityTest

OPTIONS = {
    # A row goes to the disk when the next one begins.
    "constant_memory": True,
    "default_date_format": "yyyy-mm-dd hh:mm",
    "remove_timezone": True,
}
WIDTH = 20  # characters
LONGEST = 32_767  # UTF-16 units: what Excel takes of a cell
CUT = "…"
# What the library would take for markup of its own, and what no XML can hold.
MARKUP, NOT_IN_XML = re.compile("<r>.*</r>", re.DOTALL), re.compile("[\ufffe\uffff]")


def xlsx_file(test: EligibilityTest, sheet: Sheet, *, results: str, meanings: str) -> IO[bytes]:
    """A temporary file, at its beginning, with these names for the results and the legend."""
    file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    with Workbook(file, OPTIONS) as workbook:
        bold = workbook.add_format({"bold": True})
        first, second = workbook.add_worksheet(results), workbook.add_worksheet(meanings)
        first.set_column(0, len(sheet.titles) - 1, WIDTH)
        first.freeze_panes(1, 0)
        write_lines(first, 0, [sheet.titles], bold)
        write_lines(first, 1, (line for lines in sheet.lines for line in lines))
        second.set_column(0, 1, 2 * WIDTH)
        write_lines(second, 0, legend(test, sheet.headings))
    file.seek(0)
    return file


def write_lines(
    worksheet: Any, first: int, lines: Iterable[Sequence[Value]], style: Any = None
) -> None:
    words = yes_or_no()
    for row, line in enumerate(lines, first):
        for column, value in enumerate(line):
            match value:
                case None | "":
                    continue
                case str():
                    write_text(worksheet, row, column, value, style)
                case bool():
                    worksheet.write_string(row, column, words[value], style)
                case datetime():
                    worksheet.write_datetime(row, column, value, style)
                case _:
                    worksheet.write_number(row, column, value, style)


def write_text(worksheet: Any, row: int, column: int, text: str, style: Any) -> None:
    text = NOT_IN_XML.sub("\ufffd", cut(text))
    if MARKUP.fullmatch(text):
        worksheet.write_rich_string(row, column, text[:1], text[1:2], text[2:])
    else:
        worksheet.write_string(row, column, text, style)


def cut(text: str) -> str:
    """What fits into a cell, with a sign at the end where something is missing."""
    if len(text) <= LONGEST // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + CUT
