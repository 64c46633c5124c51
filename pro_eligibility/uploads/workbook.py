"""The only place that reads workbooks (XLSX, ODS)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from python_calamine import (
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
    load_workbook,
)

from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.text import NUL

Cell = int | float | str | bool | date | datetime | time | timedelta


def sheet_names(content: bytes) -> list[str]:
    """Those that a person sees."""
    with opened(content) as workbook:
        return [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]


def sheet_records(content: bytes, sheet: str) -> Iterator[list[str]]:
    """All that are not blank."""
    with opened(content) as workbook:
        for row in workbook.get_sheet_by_name(sheet).iter_rows():
            record = [as_text(cell) for cell in row]
            if any(map(str.strip, record)):
                yield record


@contextmanager
def opened(content: bytes) -> Iterator[CalamineWorkbook]:
    """Whatever the library says of a broken workbook, as UploadRefused."""
    try:
        with load_workbook(BytesIO(content)) as workbook:
            yield workbook
    except WorksheetNotFound as error:
        missing = _("there is no sheet “%(name)s” in it") % {"name": error}
        raise UploadRefused("unreadable", problem=missing) from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # A panic of the library is no Exception.
    except BaseException as error:
        raise UploadRefused("unreadable", problem=error) from error


def as_text(cell: Cell) -> str:
    """As a person sees it: 75001 and not 75001.0."""
    if isinstance(cell, str):
        return cell.replace(NUL, "")
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
