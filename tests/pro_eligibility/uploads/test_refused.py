"""Files that are refused: for what, and what to do; all made up."""

import gzip
import zipfile

import pytest

from pro_eligibility.uploads import detection, extent, limits, table
from pro_eligibility.uploads.detection import detect
from pro_eligibility.uploads.errors import UploadRefused
from tests.pro_eligibility.uploads.files import (
    ADDRESSES,
    listed,
    ods,
    ods_cell,
    ods_of,
    xlsx,
    zipped,
)

TABLE = [["adresse"], *[[address] for address in ADDRESSES]]
OTHER = (
    "The file looks like {what}. CSV, TXT, XLSX and ODS files are read; "
    "open it in the program it comes from and save it as one of these, without a password."
)
NOT_TEXT = (
    "The file is not text: it looks like {what}. CSV, TXT, XLSX and ODS files are read; "
    "if it was compressed, unpack it and give what is inside."
)


def refusal(content):
    with pytest.raises(UploadRefused) as refused:
        detect(content, "made-up.csv")
    return refused.value.kind, str(refused.value)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook (.xls), or one with a password"),
        (b"{\\rtf1 ...", "a text document (RTF)"),
        (b"\r\n<HTML><table>", "a web page or XML"),
        (zipped({"liste.csv": "adresse"}), "a zip without a workbook that can be read"),
        (zipped({"word/document.xml": "<a/>"}), "a zip without a workbook that can be read"),
    ],
)
def test_another_format_is_refused(content, what):
    assert refusal(content) == ("unsupported_format", OTHER.format(what=what))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (gzip.compress(b"adresse", mtime=0), "a compressed file (gzip)"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (bytes(range(256)) * 10, "binary data"),
    ],
)
def test_what_is_not_text_is_refused(content, what):
    assert refusal(content) == ("binary_file", NOT_TEXT.format(what=what))


@pytest.mark.parametrize("content", [b"\n \r\n;;\n", b"adresse\n", xlsx({"F": []}), ods([])])
def test_a_file_without_rows_is_refused(content):
    assert refusal(content) == (
        "no_rows",
        "The file has no rows, or nothing but the names of its columns. "
        "Give a file with one address on each line.",
    )


def test_a_workbook_without_addresses_is_refused_with_its_columns():
    assert refusal(xlsx({"Vide": [], "F": [["lot", "prix"], ["a", 1]]})) == (
        "no_address_or_coordinates",
        "No column looks like an address or like coordinates; found: “lot”, “prix”. "
        "Name one of them “address”, or two of them “latitude” and “longitude”.",
    )


@pytest.mark.parametrize("kept", [100, 1_000, -30])
def test_a_workbook_that_was_cut_off_is_refused(kept):
    kind, _ = refusal(xlsx({"F": TABLE})[:kept])

    assert kind == "unreadable"


@pytest.mark.parametrize("sheet", ["<no", "<sheetData", "<sheetData></x>"])
def test_a_workbook_with_a_damaged_part_is_refused(sheet):
    kind, _ = refusal(zipped({"xl/workbook.xml": "<no", "xl/worksheets/sheet1.xml": sheet}))

    assert kind == "unreadable"


def test_a_file_of_more_than_50_megabytes_is_refused():
    assert refusal(b"a" * (limits.MAX_BYTES + 1)) == (
        "too_large",
        "The file has 51 MB; at most 50 MB are taken. "
        "Leave out what is not needed, or split it into several files.",
    )


def test_a_file_of_50_megabytes_is_not_too_large(monkeypatch):
    content = listed("adresse", *ADDRESSES)
    monkeypatch.setattr(detection, "MAX_BYTES", len(content))

    assert detect(content, "made-up.csv").row_count == 3


def test_as_many_rows_are_taken_as_the_limit_says_and_no_more(monkeypatch):
    monkeypatch.setattr(table, "MAX_ROWS", 3)

    assert detect(listed("adresse", *ADDRESSES), "made-up.csv").row_count == 3
    assert refusal(listed("adresse", *ADDRESSES, ADDRESSES[0])) == (
        "too_many_rows",
        "The file has more than 3 rows. Split it into several files.",
    )


@pytest.mark.parametrize("header", ["adresse" + ";x" * 200, "adresse;lot"])
def test_a_file_with_more_than_200_columns_is_refused(header):
    assert refusal(listed(header, ADDRESSES[0] + ";1" * 200)) == (
        "too_many_columns",
        "The file has 201 columns; at most 200 are taken. "
        "Keep the address or the coordinates, and what you need to recognise a row.",
    )


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = zipped({"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": " " * 2_000_000})
    monkeypatch.setattr(extent, "MAX_UNPACKED", 1024 * 1024)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))

    assert len(bomb) < 10_000
    assert refusal(bomb) == (
        "too_large",
        "The workbook, unpacked, has 2 MB; at most 1 MB are taken. "
        "Leave out what is not needed, or split it into several files.",
    )


def test_a_workbook_that_lies_about_its_size_is_refused():
    honest = zipped({"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": "x" * 100_000})
    size = (100_000).to_bytes(4, "little")

    assert honest.count(size) == 2
    assert refusal(honest.replace(size, (10).to_bytes(4, "little")))[0] == "unreadable"


FAR_SHEET = '<x><sheetData><row><c r="XFD1048576"><v>1</v></c></row></sheetData></x>'
REACHES = (
    "The file cannot be read: one of its sheets reaches as far as row {row} and column {column}, "
    "where something stray may be. "
    "Open it in the program it comes from, correct it and save it again."
)


def test_a_stray_cell_at_the_end_of_a_sheet_is_refused():
    content = xlsx({"F": TABLE}, stray=(1_048_575, 16_383))

    assert refusal(content) == ("unreadable", REACHES.format(row=1_048_576, column=16_384))


def test_a_sheet_is_found_under_whatever_name():
    parts = {"xl/workbook.xml": "<a/>", "xl/media/image1.png": FAR_SHEET}

    assert refusal(zipped(parts)) == ("unreadable", REACHES.format(row=1_048_576, column=16_384))


def test_a_cell_that_is_repeated_a_thousand_million_times_is_refused():
    cell = ods_cell("x", ' table:number-columns-repeated="16384"')
    content = ods_of(
        f'<table:table-row table:number-rows-repeated="65536">{cell}</table:table-row>'
    )

    assert refusal(content) == ("unreadable", REACHES.format(row=65_536, column=16_384))


def test_blank_cells_up_to_the_end_of_a_sheet_are_nothing():
    row = f"<table:table-row>{ods_cell('3 rue Hoche 95200 Sarcelles')}</table:table-row>"
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    rest = f'<table:table-row table:number-rows-repeated="1048575">{blank}</table:table-row>'

    assert detect(ods_of(row + rest), "made-up.ods").row_count == 1
