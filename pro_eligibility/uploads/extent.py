"""How big a workbook gets in memory, found out before it is read.

The library that reads it makes a rectangle up to its last cell, and repeats a text in each cell
that has it. A file of 5 KB would end the process for want of memory.
"""

import zipfile
from collections.abc import Iterable, Iterator
from typing import Protocol
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from pro_eligibility.uploads.archive import unzipped
from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.limits import MAX_CELLS, MAX_UNPACKED
from pro_eligibility.uploads.ods_size import OdsSize
from pro_eligibility.uploads.xlsx_size import SharedTexts, XlsxSize

MEGABYTE = 1024 * 1024
XLSX_CELLS, XLSX_TEXTS, ODS_CELLS = b"sheetData", b"<sst", b"table:table-row"
LONGEST_MARK = 16  # bytes
# What another format has that the library reads too, in whatever part of the zip it is named.
XLSB = b"workbook.bin"


class Handlers(Protocol):
    """Of a part's XML, as expat calls them."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


class Size(Handlers, Protocol):
    """Of what a part holds: its last row and column, and the cells up to there."""

    row: int
    column: int
    letters: int

    @property
    def cells(self) -> int: ...


def check_workbook(content: bytes) -> None:
    """Raises UploadRefused if it is too big or damaged."""
    if XLSB in content:
        raise UploadRefused("unsupported_format", what=_("a binary Excel workbook (.xlsb)"))
    with unzipped(content) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        check_size(unpacked, MAX_UNPACKED, _("The workbook, unpacked,"))
        marks = [(part, marks_in(archive, part)) for part in archive.infolist()]
        shared = shared_texts(archive, [part for part, found in marks if XLSX_TEXTS in found])
        for part, found in marks:
            if XLSX_CELLS in found:
                check_sheet(archive, part, XlsxSize(shared))
            if ODS_CELLS in found:
                check_sheet(archive, part, OdsSize())


def check_size(size: int, most: int, what: object) -> None:
    if size > most:
        up = -(-size // MEGABYTE)
        raise UploadRefused("too_large", what=what, size=up, most=most // MEGABYTE)


def marks_in(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> set[bytes]:
    """What it is, whatever it is called. Reads it to its end: its size in the directory may lie."""
    found, tail = set(), b""
    for chunk in chunks(archive, part):
        found |= {mark for mark in (XLSX_CELLS, XLSX_TEXTS, ODS_CELLS) if mark in tail + chunk}
        tail = chunk[-LONGEST_MARK:]
    if part.filename.lower().endswith("sharedstrings.xml"):
        found.add(XLSX_TEXTS)
    return found


def shared_texts(archive: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo]) -> list[int]:
    """How long each of them is."""
    texts = SharedTexts()
    for part in parts:
        for _chunk in parsed(archive, part, texts):
            if texts.declared > MAX_CELLS:
                said = _("it says to have %(count)s texts") % {"count": texts.declared}
                raise UploadRefused("unreadable", problem=said)
    return texts.lengths


def check_sheet(archive: zipfile.ZipFile, part: zipfile.ZipInfo, size: Size) -> None:
    for _chunk in parsed(archive, part, size):
        if size.cells > MAX_CELLS:
            raise UploadRefused(
                "unreadable",
                problem=_(
                    "one of its sheets reaches as far as row %(row)s and column %(column)s, "
                    "where something stray may be"
                )
                % {"row": size.row, "column": size.column},
            )
        check_size(size.letters, MAX_UNPACKED, _("The text of its cells"))


def parsed(archive: zipfile.ZipFile, part: zipfile.ZipInfo, handlers: Handlers) -> Iterator[None]:
    """Stops after each megabyte, to be looked at."""
    # Without namespaces, because the library looks at the prefixes as they are written.
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handlers.start
    parser.EndElementHandler = handlers.end
    parser.CharacterDataHandler = handlers.text
    parser.StartDoctypeDeclHandler = refuse_doctype
    for chunk in chunks(archive, part):
        parser.Parse(chunk)
        yield


def refuse_doctype(*_args: object) -> None:
    """It may give attributes that the library does not see."""
    raise UploadRefused("unreadable", problem=_("one of its parts has a DOCTYPE"))


def chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while chunk := file.read(MEGABYTE):
            yield chunk
