"""The twenty files of `data/uploads`, each field of what their manifest expects."""

import hashlib

import pytest

from pro_eligibility.models.address_row import State
from pro_eligibility.uploads.detection import detect
from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.names import role_of
from pro_eligibility.uploads.rows import parsed_rows
from pro_eligibility.uploads.table import records_of
from tests.pro_eligibility.uploads.files import MANIFEST, UPLOADS

ACCEPTED = [entry for entry in MANIFEST if entry["expect"]["status"] == "ok"]
REFUSED = [entry for entry in MANIFEST if entry["expect"]["status"] == "error"]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_a_file_is_the_one_that_was_described(entry):
    content = (UPLOADS / entry["file"]).read_bytes()

    assert len(content) == entry["bytes"]
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", REFUSED, ids=lambda entry: entry["file"])
def test_a_file_is_refused_for_the_expected_reason(entry):
    with pytest.raises(UploadRefused) as refused:
        detect((UPLOADS / entry["file"]).read_bytes(), entry["file"])

    assert refused.value.kind == entry["expect"]["error"]


@pytest.mark.parametrize("entry", ACCEPTED, ids=lambda entry: entry["file"])
def test_a_file_is_read_as_expected(entry):
    content = (UPLOADS / entry["file"]).read_bytes()

    found = detect(content, entry["file"])

    rows = list(parsed_rows(content, found.layout))
    wanted = {"status": "ok", **facts_of(found.layout), "rows": found.row_count}
    wanted |= {
        name: measure(content, found, rows)
        for name, measure in MEASURES.items()
        if name in entry["expect"]
    }
    assert wanted == entry["expect"]
    assert len(rows) == found.row_count
    assert {row.state for row in rows} == {State.WAITING}


def facts_of(layout):
    is_text = layout.format == "text"
    return {
        "encoding": layout.encoding if is_text else "xlsx",
        "delimiter": layout.delimiter,
        "has_header": layout.header_line is not None,
        "columns": columns_of(layout),
    }


def columns_of(layout):
    if layout.mode == "address":
        (column,) = layout.address_columns
        return {"address": column}
    x, y = ("x", "y") if layout.crs == "EPSG:2154" else ("longitude", "latitude")
    return {x: layout.x_column, y: layout.y_column}


def widths(content, found):
    records = list(records_of(content, found.layout))
    return [len(record) - len(records[0]) for record in records[1:]]


def blank_lines(content, rows):
    header = 1
    return len(content.split(b"\n")) - header - len(rows)


def header_says(found):
    names = {"x": "longitude", "y": "latitude"}
    roles = {role_of(name): column for column, name in enumerate(found.columns)}
    return {name: roles[role] for role, name in names.items()}


def decimal_sign(layout, rows):
    signs = {sign for row in rows for sign in ".," if sign in row.cells[layout.x_column]}
    return "".join(signs)


def addresses(found, rows):
    return {row.cells[found.layout.address_columns[0]] for row in rows}


# By the fields that only some files have.
MEASURES = {
    "sheet": lambda content, found, rows: found.layout.sheet,
    "srid": lambda content, found, rows: int(found.layout.crs.removeprefix("EPSG:")),
    "decimal": lambda content, found, rows: decimal_sign(found.layout, rows),
    "header_says": lambda content, found, rows: header_says(found),
    "distinct_exact": lambda content, found, rows: len({tuple(row.cells) for row in rows}),
    "distinct_addresses": lambda content, found, rows: len(addresses(found, rows)),
    "distinct_normalised": lambda content, found, rows: len({row.query_key for row in rows}),
    "blank_lines_ignored": lambda content, found, rows: blank_lines(content, rows),
    "short_rows": lambda content, found, rows: sum(by < 0 for by in widths(content, found)),
    "long_rows": lambda content, found, rows: sum(by > 0 for by in widths(content, found)),
}
