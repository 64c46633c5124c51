"""How big a workbook gets in memory, found out before it is read.

The library that reads it makes a rectangle up to its last cell. One cell at the far end of a
sheet, in a file of 5 KB, would end the process for want of memory.
"""

import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from pro_eligibility.uploads.archive import unzipped
from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.limits import MAX_CELLS, MAX_UNPACKED

MEGABYTE = 1024 * 1024
# Where the cells are: the part of an ODS, and the element of an XLSX.
ODS_PART, XLSX_CELLS = "content.xml", b"sheetData"
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def check_workbook(content: bytes) -> None:
    """Raises UploadRefused if it is too big or damaged."""
    with unzipped(content) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        check_size(unpacked, MAX_UNPACKED, _("The workbook, unpacked,"))
        for part in archive.infolist():
            if is_sheet(archive, part):
                check_sheet(archive, part)


def check_size(size: int, most: int, what: object) -> None:
    if size > most:
        up = -(-size // MEGABYTE)
        raise UploadRefused("too_large", what=what, size=up, most=most // MEGABYTE)


def is_sheet(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whatever it is called. Reads it to its end, because the size in the directory may lie."""
    found, tail = part.filename == ODS_PART, b""
    with archive.open(part) as file:
        while chunk := file.read(MEGABYTE):
            found = found or XLSX_CELLS in tail + chunk
            tail = chunk[-len(XLSX_CELLS) :]
    return found


def check_sheet(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    extent = Extent()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = extent.start
    with archive.open(part) as xml:
        while chunk := xml.read(MEGABYTE):
            parser.Parse(chunk)
            extent.check()


class Extent:
    """The last row and column of any sheet that hold something."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self.xlsx_row,
            "c": self.xlsx_cell,
            "v": self.xlsx_value,
            "is": self.xlsx_value,
            "f": self.xlsx_value,
            "table": self.ods_table,
            "table-row": self.ods_row,
            "table-cell": self.ods_cell,
            "covered-table-cell": self.ods_cell,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if start := self._starts.get(local(name)):
            start(attributes)

    def check(self) -> None:
        if self.rows * self.columns > MAX_CELLS:
            raise UploadRefused(
                "unreadable",
                problem=_(
                    "one of its sheets reaches as far as row %(row)s and column %(column)s, "
                    "where something stray may be"
                )
                % {"row": self.rows, "column": self.columns},
            )

    def fill(self) -> None:
        self.rows = max(self.rows, self._row)
        self.columns = max(self.columns, self._column)

    def xlsx_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = 0

    def xlsx_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        if place := REFERENCE.fullmatch(attributes.get("r", "")):
            self._column, self._row = number_of(place[1]), int(place[2])

    def xlsx_value(self, attributes: dict[str, str]) -> None:
        self.fill()

    def ods_table(self, attributes: dict[str, str]) -> None:
        self._row = self._column = 0

    def ods_row(self, attributes: dict[str, str]) -> None:
        self._row += repeats(attributes, "number-rows-repeated")
        self._column = 0

    def ods_cell(self, attributes: dict[str, str]) -> None:
        self._column += repeats(attributes, "number-columns-repeated")
        if any(local(name) in ("value-type", "formula") for name in attributes):
            self.fill()


def local(name: str) -> str:
    """Without its namespace."""
    return name.rpartition(" ")[2]


def repeats(attributes: dict[str, str], wanted: str) -> int:
    return next((int(value) for name, value in attributes.items() if local(name) == wanted), 1)


def number_of(letters: str) -> int:
    """The column, from 1: A, Z, AA and so on."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
