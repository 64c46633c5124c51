"""What a file is, by what is in it: its name may lie."""

from typing import Literal

from django.utils.translation import gettext_lazy as _

from pro_eligibility.uploads.archive import unzipped
from pro_eligibility.uploads.encodings import looks_like_utf_16
from pro_eligibility.uploads.errors import UploadRefused

ZIP = b"PK\x03\x04"
# What is at their start, and what they are.
NOT_TEXT = {
    b"\x1f\x8b": _("a compressed file (gzip)"),
    b"7z\xbc\xaf\x27\x1c": _("a compressed file (7z)"),
    b"Rar!\x1a": _("a compressed file (RAR)"),
    b"\x89PNG": _("an image"),
    b"\xff\xd8\xff": _("an image"),
    b"GIF8": _("an image"),
    b"SQLite format 3\0": _("a database"),
}
OTHER_FORMATS = {
    b"%PDF": _("a PDF"),
    b"\xd0\xcf\x11\xe0": _("an old Excel workbook (.xls), or one with a password"),
    b"{\\rtf": _("a text document (RTF)"),
    b"PK": _("a zip without a workbook that can be read"),
}
MARKUP = (b"<!doctype html", b"<html", b"<table", b"<?xml", b"<kml")
XLSX_PART = "xl/workbook.xml"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"

LOOKED_AT = 65_536  # bytes
# Of these a text has none or next to none; tab, line ends, form feed and the end mark of DOS are
# texts' own.
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))
MOST_CONTROLS = 0.05


def format_of(content: bytes) -> Literal["text", "workbook"]:
    """Raises UploadRefused for all else."""
    if not content:
        raise UploadRefused("empty_file")
    if content.startswith(ZIP) and is_workbook(content):
        return "workbook"
    for start, what in NOT_TEXT.items():
        if content.startswith(start):
            raise UploadRefused("binary_file", what=what)
    for start, what in OTHER_FORMATS.items():
        if content.startswith(start):
            raise UploadRefused("unsupported_format", what=what)
    if content[:100].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP):
        raise UploadRefused("unsupported_format", what=_("a web page or XML"))
    if is_binary(content[:LOOKED_AT]):
        raise UploadRefused("binary_file", what=_("binary data"))
    return "text"


def is_workbook(content: bytes) -> bool:
    with unzipped(content) as archive:
        names = archive.namelist()
        if "mimetype" not in names:
            return XLSX_PART in names
        with archive.open("mimetype") as mimetype:
            # No more of it: it may be huge once unpacked.
            return mimetype.read(len(ODS)) == ODS


def is_binary(start: bytes) -> bool:
    if looks_like_utf_16(start):
        return False
    return len(start) - len(start.translate(None, CONTROLS)) > MOST_CONTROLS * len(start)
