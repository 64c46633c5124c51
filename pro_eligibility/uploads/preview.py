"""What its owner is shown of a file before the start, and whether it can be read so."""

from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from pro_eligibility.uploads.encodings import ENCODINGS
from pro_eligibility.uploads.errors import LayoutRefused, UploadRefused
from pro_eligibility.uploads.formats import format_of
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.postcodes import short_postcodes
from pro_eligibility.uploads.rows import ParsedRow, parse
from pro_eligibility.uploads.table import Table, count_rows, read_table
from pro_eligibility.uploads.workbook import sheet_names


class Preview(NamedTuple):
    """The first rows, read by a layout."""

    columns: list[str]
    titles: list[list[str]]
    rows: list[ParsedRow]
    row_count: int  # of the whole file


def preview(content: bytes, layout: Layout, limit: int = 10) -> Preview:
    """Of a layout that `check_layout` does not refuse."""
    table, short = short_postcodes(read_table(content, layout), layout)
    first = list(islice(table.rows, limit))
    rows = list(parse(first, layout, short))
    return Preview(table.columns, table.titles, rows, len(first) + sum(1 for _ in table.rows))


def check_layout(content: bytes, layout: Layout) -> None:
    """Raises LayoutRefused, naming each field that does not fit the file."""
    refuse(errors_of_format(content, layout))
    try:
        table = read_table(content, layout)
        refuse(errors_of_rows(table, layout))
    except UnicodeError as error:
        said = _("The file cannot be decoded as {encoding}; choose another encoding.")
        raise LayoutRefused({"encoding": said.format(encoding=layout.encoding)}) from error
    refuse(errors_of_columns(layout, table.columns))


def refuse(errors: dict[str, str]) -> None:
    if errors:
        raise LayoutRefused(errors)


def errors_of_format(content: bytes, layout: Layout) -> dict[str, str]:
    found = format_of(content)
    if layout.format != found:
        said = _("The file is “{found}”, not “{given}”.")
        return {"format": said.format(found=found, given=layout.format)}
    if found == "text":
        field, given, accepted = "encoding", layout.encoding, ENCODINGS
    else:
        field, given, accepted = "sheet", layout.sheet, sheet_names(content)
    if given in accepted:
        return {}
    said = _("“{given}” is not one of: {accepted}.")
    return {field: said.format(given=given, accepted=", ".join(accepted))}


def errors_of_rows(table: Table, layout: Layout) -> dict[str, str]:
    """What only reading the whole file tells."""
    where = "sheet" if layout.format == "workbook" else "delimiter"
    try:
        count_rows(table)
    except UploadRefused as why:
        return {"header_line" if why.kind == "no_rows" else where: str(why)}
    return {}


def errors_of_columns(layout: Layout, columns: list[str]) -> dict[str, str]:
    errors = {}
    for field, given in meant(layout).items():
        if not given or None in given:
            errors[field] = _("Choose a column.")
        elif not all(0 <= column < len(columns) for column in given if column is not None):
            errors[field] = _("There are {count} columns.").format(count=len(columns))
        elif len(set(given)) < len(given):
            errors[field] = _("A column is chosen twice.")
    if layout.mode == "coordinates" and layout.xy_column is None and not errors:
        same = layout.x_column == layout.y_column
        return {"y_column": _("It is the column of x; choose another.")} if same else {}
    return errors


def meant(layout: Layout) -> dict[str, list[int] | list[int | None]]:
    """The columns that the mode reads, by field."""
    if layout.mode == "address":
        return {"address_columns": layout.address_columns}
    if layout.xy_column is not None:
        return {"xy_column": [layout.xy_column]}
    return {"x_column": [layout.x_column], "y_column": [layout.y_column]}
