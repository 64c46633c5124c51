"""Workbooks that would need more memory than there is; all made up, none of them is opened."""

import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from pro_eligibility.uploads import extent, workbook
from pro_eligibility.uploads.detection import detect
from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.extent import check_workbook
from pro_eligibility.uploads.workbook import sheet_names
from tests.pro_eligibility.uploads.files import ADDRESSES, ods_cell, ods_of, xlsx, zipped

TABLE = [["adresse"], *[[address] for address in ADDRESSES]]
CORRECT = "Open it in the program it comes from, correct it and save it again."


def problem(content):
    with pytest.raises(UploadRefused) as refused:
        check_workbook(content)
    assert refused.value.kind == "unreadable"
    return str(refused.value).removeprefix("The file cannot be read: ").removesuffix(f" {CORRECT}")


def sheet(rows, before=""):
    """A workbook with a sheet of these rows, which is not opened, only checked."""
    xml = f"{before}<worksheet><sheetData>{rows}</sheetData></worksheet>"
    return zipped({"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": xml})


def cell(place):
    return f'<row><c r="{place}"><v>1</v></c></row>'


def reaches(row, column):
    return (
        f"one of its sheets reaches as far as row {row} and column {column}, "
        "where something stray may be."
    )


@pytest.mark.parametrize(
    "place",
    [
        "A60000000",
        "zzz1000000",
        "ZZZZZZZZZZZZZ99999999999",
        "XFE1",
        "A1048577",
        "1A",
        "A",
        "",
        "$A$1",
    ],
)
def test_a_cell_at_a_place_that_no_sheet_has_is_refused(place):
    assert problem(sheet(cell(place))) == (
        f"a cell of it is at “{place}”; a sheet ends at XFD1048576."
    )


def test_small_letters_are_a_place_too():
    assert problem(sheet(cell("xfd1048576"))) == reaches(1_048_576, 16_384)


def test_a_row_below_the_end_of_a_sheet_is_refused():
    rows = '<row r="4294967297"><c><v>1</v></c></row>'

    assert problem(sheet(rows)) == "a cell of it is at row 4294967297; a sheet ends at XFD1048576."


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ('<row r="900000"><c r="A1"/><c r="XFD1"/><c><v>1</v></c></row>', (900_000, 16_385)),
        ('<row><c r="XFC1"/><row r="900000"><c><v>1</v></c></row></row>', (900_000, 16_384)),
    ],
)
def test_a_cell_without_a_place_stands_after_the_one_before(rows, place):
    assert problem(sheet(rows)) == reaches(*place)


def test_a_sheet_that_declares_what_its_elements_mean_is_refused():
    declared = '<!DOCTYPE worksheet [<!ATTLIST c r CDATA "A1">]>'

    assert problem(sheet("<row/>", before=declared)) == "one of its parts has a DOCTYPE."


@pytest.mark.parametrize("encoding", ["UTF-x", "rot13", "punycode"])
def test_an_encoding_that_nobody_knows_is_unreadable(encoding):
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'

    with pytest.raises(UploadRefused) as refused:
        detect(sheet(cell("A1"), before=declared), "made-up.xlsx")

    assert refused.value.kind == "unreadable"


def test_a_string_that_many_cells_share_counts_for_each(monkeypatch):
    monkeypatch.setattr(extent, "MAX_UNPACKED", 1024 * 1024)
    content = xlsx({"F": [["x" * 30_000] * 40, ["x" * 30_000] * 40]})

    with pytest.raises(UploadRefused) as refused:
        check_workbook(content)

    assert str(refused.value) == (
        "The text of its cells has 3 MB; at most 1 MB are taken. "
        "Leave out what is not needed, or split it into several files."
    )


def test_more_strings_than_are_there_are_refused():
    content = changed(xlsx({"F": TABLE}), b'uniqueCount="4"', b'uniqueCount="9999999999999"')

    assert problem(content) == "it says to have 9999999999999 texts."


def test_a_binary_workbook_beside_a_damaged_one_is_refused():
    content = zipped({"xl/workbook.xml": "<a/>", "xl/workbook.bin": "x"})

    with pytest.raises(UploadRefused) as refused:
        check_workbook(content)

    assert refused.value.kind == "unsupported_format"


@pytest.mark.parametrize(
    "attributes",
    [
        ' office:value="1"',
        ' office:value-type="string" x:number-columns-repeated="1" xmlns:x="x"',
        ' office:string-value="x" x:number-columns-repeated="-99999" xmlns:x="x"',
    ],
)
def test_what_fills_a_cell_is_known_by_the_names_that_its_reader_knows(attributes):
    repeated = ' table:number-columns-repeated="16384"'
    row = f"<table:table-cell{attributes}{repeated}/>"
    content = ods_of(f'<table:table-row table:number-rows-repeated="9999">{row}</table:table-row>')

    assert problem(content) == reaches(9_999, 16_384)


def test_a_table_within_a_table_does_not_start_at_the_top():
    blank = '<table:table-row table:number-rows-repeated="1000000"/>'
    cell = ods_cell("x", ' table:number-columns-repeated="16384"')
    inner = "<table:table><table:table-row/></table:table>"

    content = ods_of(f"{blank}{inner}<table:table-row>{cell}</table:table-row>")

    assert problem(content) == reaches(1_000_002, 16_384)


@pytest.mark.parametrize(
    "text", ['<text:p><text:s text:c="40000"/></text:p>', f"<text:p>{'x' * 40_000}</text:p>"]
)
def test_a_long_text_that_is_repeated_counts_as_often(text, monkeypatch):
    monkeypatch.setattr(extent, "MAX_UNPACKED", 1024 * 1024)
    repeated = ' office:value-type="string" table:number-columns-repeated="50"'
    rows = (
        f"<table:table-row><table:table-cell{repeated}>{text}</table:table-cell></table:table-row>"
    )

    with pytest.raises(UploadRefused) as refused:
        check_workbook(ods_of(rows))

    assert str(refused.value).startswith("The text of its cells has 2 MB; at most 1 MB are taken.")


class PanicException(BaseException):
    """As the library's own, which cannot be imported."""


def test_a_panic_of_the_library_is_a_broken_workbook(monkeypatch):
    monkeypatch.setattr(workbook, "load_workbook", raising(PanicException("capacity overflow")))

    with pytest.raises(UploadRefused) as refused:
        sheet_names(xlsx({"F": TABLE}))

    assert str(refused.value) == f"The file cannot be read: capacity overflow. {CORRECT}"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_end_of_the_process_is_none(error, monkeypatch):
    monkeypatch.setattr(workbook, "load_workbook", raising(error))

    with pytest.raises(error):
        sheet_names(xlsx({"F": TABLE}))


def test_a_bomb_ends_no_process(tmp_path):
    bomb = tmp_path / "bomb.xlsx"
    bomb.write_bytes(changed(xlsx({"F": TABLE}), b'r="A4"', b'r="zzz1000000"'))

    ran = subprocess.run(
        [sys.executable, "-c", DETECT, bomb], capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stdout) == (0, "unreadable\n"), ran.stderr


DETECT = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
import django
django.setup()
from pro_eligibility.uploads.detection import detect
from pro_eligibility.uploads.errors import UploadRefused
try:
    detect(Path(sys.argv[1]).read_bytes(), "made-up.xlsx")
except UploadRefused as refused:
    print(refused.kind)
"""


def raising(error):
    def fail(_):
        raise error

    return fail


def changed(content, old, new):
    """Wherever it stands in a part of the workbook."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert any(old in part for part in parts.values())
    return zipped({name: part.replace(old, new) for name, part in parts.items()})
