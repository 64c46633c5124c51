"""How the rows of a file are split into cells; all made up."""

import csv
import datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pro_eligibility.uploads.detection import detect
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.rows import parsed_rows
from pro_eligibility.uploads.table import read_table
from tests.pro_eligibility.uploads.files import ADDRESSES, listed, ods, rows_of, xlsx

FIRST = {"address_columns": [0]}
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "mixed", "windows-1252"]
# What every one of these encodings knows.
CELLS = st.text(st.sampled_from("aé’Œ 1,;\t|\"'\n\r."), max_size=12)


def cells_of(*lines, **layout):
    return [row.cells for row in rows_of(*lines, **{**FIRST, **layout})]


@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(ENCODINGS),
)
def test_as_many_rows_come_out_as_went_in_with_the_same_cells(rows, delimiter, encoding):
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["adresse"], *rows])
    content = text.getvalue().encode("utf-8" if encoding == "mixed" else encoding)

    read = parsed_rows(content, Layout(encoding=encoding, delimiter=delimiter, **FIRST))

    assert [row.cells for row in read] == [row for row in rows if any(map(str.strip, row))]


def test_a_short_row_is_filled_up_and_a_long_one_kept():
    assert cells_of("a;b;c", "d", "e;f;g;h", header_line=0) == [["d", "", ""], ["e", "f", "g", "h"]]


def test_without_a_header_the_columns_are_called_as_in_a_spreadsheet():
    table = read_table(listed("a;b", "c;d;e"), Layout(delimiter=";", header_line=None))

    assert table.columns == ["A", "B", "C"]
    assert list(table.rows) == [["a", "b", ""], ["c", "d", "e"]]


def test_lines_above_the_header_are_titles():
    table = read_table(listed("titre", "", "a;b", "c;d"), Layout(delimiter=";", header_line=1))

    assert (table.titles, table.columns) == ([["titre"]], ["a", "b"])
    assert list(table.rows) == [["c", "d"]]


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        (['1;"3 rue', "2;4 rue"], [["1", '"3 rue'], ["2", "4 rue"]]),
        (['"3 rue;1', '"4 rue;2'], [['"3 rue', "1"], ['"4 rue', "2"]]),
        (['1;"a', 'b"', "2;c"], [["1", "a\nb"], ["2", "c"]]),
        (['1;2 "bis" rue', "2;c"], [["1", '2 "bis" rue'], ["2", "c"]]),
    ],
)
def test_a_quote_that_nothing_closes_loses_no_row(lines, cells):
    assert cells_of(*lines) == cells


def test_a_quote_that_is_closed_too_far_below_loses_no_row():
    lines = ['"0;x', *[f"{n};x" for n in range(1, 200)], '200";x']

    assert [row[0] for row in cells_of(*lines)][:2] == ['"0', "1"]
    assert len(cells_of(*lines)) == 201


def test_a_quote_that_another_row_closes_loses_no_row():
    lines = ["id;adresse;lot", '3;"4 rue;a', "4;5 rue;b", "5;6 rue;c", '6;7 rue;"', "7;8 rue;d"]

    assert cells_of(*lines, header_line=0) == [line.split(";") for line in lines[1:]]


def test_lines_of_a_quoted_cell_may_look_like_rows():
    lines = ["id;adresse;ville", '1;"3 rue; bât. A', '95200; France";Sarcelles']

    (cells,) = cells_of(*lines, header_line=0)

    assert cells == ["1", "3 rue; bât. A\n95200; France", "Sarcelles"]


def test_three_lines_that_look_like_rows_are_three():
    lines = ["id;adresse;ville", '1;"3 rue;Paris', "2;4 rue;Paris", '3;5 rue";Paris']

    assert len(cells_of(*lines, header_line=0)) == 3


def test_a_cell_of_any_length_is_kept():
    assert cells_of("a;" + "x" * 200_000, "b;y")[1] == ["b", "y"]


def test_the_cells_of_a_workbook_are_what_a_person_sees():
    day = datetime.date(2026, 1, 31)
    content = xlsx(
        {"F": [["adresse", "n", "cp", "lat", "jour"], ["3 rue", 75001, "01000", 48.85, day]]}
    )

    table = read_table(content, Layout(format="workbook", sheet="F"))

    assert list(table.rows) == [["3 rue", "75001", "01000", "48.85", "2026-01-31"]]


def test_the_first_visible_sheet_with_addresses_is_read():
    rows = [["adresse"], *[[address] for address in ADDRESSES]]
    content = xlsx(
        {"Vide": [], "Secret": rows, "Notes": [["à lire"], ["b"]], "Bons": rows}, "Secret"
    )

    found = detect(content, "made-up.xlsx")

    assert (found.layout.sheet, found.row_count) == ("Bons", 3)
    assert found.notes == ["The sheet “Bons” is read; left out: “Vide”, “Notes”."]


def test_an_open_document_sheet_is_read():
    content = ods([["adresse", "cp"], ["3 rue Hoche", "01000"]])

    found = detect(content, "made-up.ods")

    assert (found.layout.sheet, found.columns) == ("Feuille1", ["adresse", "cp"])
    assert [row.query for row in parsed_rows(content, found.layout)] == ["3 rue Hoche 01000"]


def test_a_workbook_that_is_called_otherwise_is_noted():
    found = detect(ods([["adresse"], ["3 rue Hoche"]]), "liste.csv")

    assert found.notes == [
        "“liste.csv” is a workbook, whatever its name says, and was read as one."
    ]
