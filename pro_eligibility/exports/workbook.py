"""XLSX whose texts are texts: no cell of a file becomes a formula, a link or a number."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from pro_eligibility.exports.columns import Value
from pro_eligibility.exports.legend import legend
from pro_eligibility.exports.sheet import Sheet
from pro_eligibility.models import EligibilityTest

OPTIONS = {
    # A row goes to the disk when the next one begins.
    "constant_memory": True,
    "default_date_format": "yyyy-mm-dd hh:mm",
    "remove_timezone": True,
}
WIDTH = 20  # characters


def xlsx_file(test: EligibilityTest, sheet: Sheet, *, results: str, meanings: str) -> IO[bytes]:
    """A temporary file, at its beginning, with these names for the results and the legend."""
    file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    with Workbook(file, OPTIONS) as workbook:
        bold = workbook.add_format({"bold": True})
        first, second = workbook.add_worksheet(results), workbook.add_worksheet(meanings)
        first.set_column(0, len(sheet.headings) - 1, WIDTH)
        first.freeze_panes(1, 0)
        write_line(first, 0, sheet.titles, bold)
        write_lines(first, 1, (line for lines in sheet.lines for line in lines))
        second.set_column(0, 1, 2 * WIDTH)
        write_lines(second, 0, legend(test, sheet.headings))
    file.seek(0)
    return file


def write_lines(worksheet: Any, first: int, lines: Iterable[Sequence[Value]]) -> None:
    for number, line in enumerate(lines, first):
        write_line(worksheet, number, line)


def write_line(worksheet: Any, row: int, line: Sequence[Value], style: Any = None) -> None:
    for column, value in enumerate(line):
        match value:
            case None | "":
                continue
            case str():
                worksheet.write_string(row, column, value, style)
            case bool():
                worksheet.write_string(row, column, _("yes") if value else _("no"), style)
            case datetime():
                worksheet.write_datetime(row, column, value, style)
            case _:
                worksheet.write_number(row, column, value, style)
