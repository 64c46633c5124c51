"""The first rows of a file, and what will be asked about each of them."""

from typing import NamedTuple

import shapely
from django.utils.text import Truncator

from networks.geometry import to_wgs_84
from pro_eligibility.models import Reason, State
from pro_eligibility.uploads.errors import LayoutRefused
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.limits import LONGEST_ADDRESS
from pro_eligibility.uploads.preview import check_layout, preview
from pro_eligibility.uploads.rows import ParsedRow


class Line(NamedTuple):
    number: int
    cells: list[str]
    asked: str
    problem: str


class Sample(NamedTuple):
    columns: list[str]
    titles: list[list[str]]
    lines: list[Line]
    row_count: int
    used: set[int]  # the columns that the address or the coordinates are taken from


def sample(content: bytes, layout: Layout) -> Sample:
    """Raises LayoutRefused or UploadRefused."""
    check_layout(content, layout)
    seen = preview(content, layout)
    width = max((len(row.cells) for row in seen.rows), default=0)
    nameless = [""] * (width - len(seen.columns))
    lines = [line_of(row) for row in seen.rows]
    return Sample(seen.columns + nameless, seen.titles, lines, seen.row_count, used_by(layout))


def used_by(layout: Layout) -> set[int]:
    if layout.mode == "address":
        return set(layout.address_columns)
    if layout.xy_column is not None:
        return {layout.xy_column}
    return {column for column in (layout.x_column, layout.y_column) if column is not None}


def line_of(row: ParsedRow) -> Line:
    cells = [Truncator(cell).chars(LONGEST_ADDRESS) for cell in row.cells]
    if row.state == State.INVALID:
        return Line(row.number, cells, "", str(Reason(row.reason).label).format(**row.facts))
    return Line(row.number, cells, row.query or degrees(row.x, row.y), "")


def degrees(x: float | None, y: float | None) -> str:
    """To the metre, latitude first, as maps on the internet take it; "" if there are none."""
    if x is None or y is None:
        return ""
    point = to_wgs_84(shapely.points([(x, y)]))[0]
    return f"{point.y:.5f}, {point.x:.5f}"


def columns_under(content: bytes, layout: Layout) -> list[str]:
    """Those there are to choose from, though the ones that were chosen are wrong."""
    unchosen = layout.model_copy(update={"mode": "address", "address_columns": [0]})
    try:
        check_layout(content, unchosen)
    except LayoutRefused:
        return []
    return preview(content, unchosen, limit=1).columns
