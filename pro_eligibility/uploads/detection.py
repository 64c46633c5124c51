"""How a file seems to be laid out, for its owner to confirm or correct."""

from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pro_eligibility.models.address_row import Reason
from pro_eligibility.uploads.delimiters import Split, split_of
from pro_eligibility.uploads.encodings import MIXED, decodes, encoding_of
from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.extent import check_size, check_workbook
from pro_eligibility.uploads.formats import format_of
from pro_eligibility.uploads.header import header_line_of
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.limits import MAX_BYTES
from pro_eligibility.uploads.meaning import meaning_of
from pro_eligibility.uploads.names import is_plain, role_of
from pro_eligibility.uploads.rows import parsed_rows
from pro_eligibility.uploads.table import FIRST_ROWS, count_rows, read_table
from pro_eligibility.uploads.words import single_blanks
from pro_eligibility.uploads.workbook import sheet_names, sheet_records


@dataclass(frozen=True)
class Detection:
    """Notes are sentences for its owner, in their language."""

    layout: Layout
    columns: list[str]
    row_count: int
    notes: list[str]


def detect(content: bytes, filename: str) -> Detection:
    """Raises UploadRefused. What is in the file counts, not how it is called."""
    check_size(len(content), MAX_BYTES, _("The file"))
    if format_of(content) == "text":
        return detect_text(content)
    check_workbook(content)
    found = detect_workbook(content)
    if PurePath(filename).suffix.lower() not in (".xlsx", ".xlsm", ".ods"):
        said = _("“{name}” is a workbook, whatever its name says, and was read as one.")
        found.notes.append(said.format(name=filename))
    return found


def detect_text(content: bytes) -> Detection:
    encoding = encoding_of(content)
    if encoding.startswith("utf-16") and not decodes(content, encoding):
        raise UploadRefused("unreadable", problem=_("its text (UTF-16) is cut off or damaged"))
    split = split_of(content, encoding)
    found = detected(content, Layout(encoding=encoding, delimiter=split.delimiter), split)
    if encoding == MIXED:
        found.notes.append(
            _("The file mixes two encodings, UTF-8 and windows-1252; both are read.")
        )
    return found


def detect_workbook(content: bytes) -> Detection:
    """The first sheet with addresses or coordinates."""
    names = sheet_names(content)
    why = UploadRefused("no_rows")
    for name in names:
        records = list(islice(sheet_records(content, name), FIRST_ROWS))
        split = Split(None, records, header_line_of(records) if records else None)
        try:
            found = detected(content, Layout(format="workbook", sheet=name), split)
        except UploadRefused as refused:
            # What is wrong with a sheet that has rows says more than that another is empty.
            why = refused if why.kind == "no_rows" else why
            continue
        if others := ", ".join(quoted(other) for other in names if other != name):
            said = _("The sheet “{name}” is read; left out: {others}.")
            found.notes.append(said.format(name=name, others=others))
        return found
    raise why


def detected(content: bytes, start: Layout, split: Split) -> Detection:
    if not split.sample.rows:
        raise UploadRefused("no_rows")
    layout = start.model_copy(update={"header_line": split.header_line})
    table = read_table(content, layout)
    row_count = count_rows(table)
    meaning = meaning_of(split.sample)
    if meaning is None:
        columns = ", ".join(map(quoted, table.columns))
        raise UploadRefused("no_address_or_coordinates", columns=columns)
    layout = layout.model_copy(update=meaning.fields)
    notes = [
        *notes_of_titles(table.titles),
        *notes_of_header(table.columns, layout.header_line),
        *meaning.notes,
        *notes_of_totals(content, layout),
    ]
    return Detection(layout, table.columns, row_count, notes)


def notes_of_titles(titles: list[list[str]]) -> list[str]:
    if not titles:
        return []
    lines = " ".join(quoted(single_blanks(" ".join(title))) for title in titles)
    said = ngettext(
        "{count} line above the names of the columns is left out: {quoted}.",
        "{count} lines above the names of the columns are left out: {quoted}.",
        len(titles),
    )
    return [said.format(count=len(titles), quoted=lines)]


def notes_of_header(columns: list[str], line: int | None) -> list[str]:
    """Of one that may be a row as well."""
    if line is None or any(role_of(name) and is_plain(name) for name in columns):
        return []
    said = _("The first line is taken for the names of the columns: {quoted}.")
    if line:
        said = _("Line {line} is taken for the names of the columns: {quoted}.")
    names = " ".join(quoted(name) for name in columns if name)
    return [said.format(line=line + 1, quoted=names)]


def quoted(name: str) -> str:
    return _("“{name}”").format(name=name)


def notes_of_totals(content: bytes, layout: Layout) -> list[str]:
    count = sum(row.reason == Reason.TOTAL for row in parsed_rows(content, layout))
    if not count:
        return []
    said = ngettext(
        "{count} row looks like a total and will not be looked for.",
        "{count} rows look like totals and will not be looked for.",
        count,
    )
    return [said.format(count=count)]
