"""Files of addresses, real and made up."""

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from django.conf import settings

from pro_eligibility.uploads.detection import Detection, detect
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.rows import ParsedRow, parsed_rows

UPLOADS = Path(settings.BASE_DIR, "data", "uploads")
MANIFEST = json.loads((UPLOADS / "manifest.json").read_text())["files"]
STREETS = ["3 rue de l’Église", "8 allée des Châtaigniers", "12 bis boulevard Hébert"]
# Made up.
ADDRESSES = [f"{street} 95200 Sarcelles" for street in STREETS]


def listed(*lines: str, encoding: str = "utf-8", end: str = "\n") -> bytes:
    return "".join(line + end for line in lines).encode(encoding)


def detected(*lines: str, encoding: str = "utf-8", end: str = "\n") -> Detection:
    return detect(listed(*lines, encoding=encoding, end=end), "made-up.csv")


def rows_of(*lines: str, **layout: Any) -> list[ParsedRow]:
    """Lines without header, of cells separated by semicolons, in UTF-8."""
    options = {"delimiter": ";", "header_line": None, **layout}
    return list(parsed_rows(listed(*lines), Layout(**options)))


def xlsx(
    sheets: dict[str, list[list[Any]]], hidden: str = "", stray: tuple[int, int] | None = None
) -> bytes:
    """`hidden` is the name of a sheet, `stray` the place of a cell more in each."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
            if stray:
                sheet.write(*stray, "x")
    return file.getvalue()


ODS = "application/vnd.oasis.opendocument.spreadsheet"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def ods(rows: list[list[str]]) -> bytes:
    """Of one sheet, as little as a reader needs."""
    cells = ("".join(map(ods_cell, row)) for row in rows)
    return ods_of("".join(f"<table:table-row>{row}</table:table-row>" for row in cells))


def ods_cell(text: str, attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{attributes}>'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def ods_of(rows: str) -> bytes:
    spaces = " ".join(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "table", "text"))
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
    return zipped(
        {
            "mimetype": ODS,
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Feuille1">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0">'
            f"{entry}</manifest:manifest>",
        }
    )


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()
