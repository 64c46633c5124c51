"""What its owner sees of a file, and which corrections are refused; all made up."""

import pytest

from pro_eligibility.uploads import table
from pro_eligibility.uploads.errors import LayoutRefused
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.preview import check_layout, preview
from tests.pro_eligibility.uploads.files import ADDRESSES, listed, xlsx

CONTENT = listed("titre", "id;adresse;y", *[f"{n};{line};48" for n, line in enumerate(ADDRESSES)])
RIGHT = {"delimiter": ";", "header_line": 1, "address_columns": [1]}
BOOK = xlsx({"Un": [["adresse"], ["3 rue Hoche"]], "Vide": []})


def errors(content=CONTENT, **layout):
    with pytest.raises(LayoutRefused) as refused:
        check_layout(content, Layout(**{**RIGHT, **layout}))
    return refused.value.fields


def test_the_first_rows_are_shown_and_all_are_counted():
    seen = preview(CONTENT, Layout(**RIGHT), limit=2)

    assert (seen.columns, seen.titles) == (["id", "adresse", "y"], [["titre"]])
    assert [row.query for row in seen.rows] == ADDRESSES[:2]
    assert seen.row_count == 3


def test_a_layout_that_fits_is_taken():
    check_layout(CONTENT, Layout(**RIGHT))
    check_layout(CONTENT, Layout(**RIGHT | {"mode": "coordinates", "x_column": 0, "y_column": 2}))
    check_layout(CONTENT, Layout(**RIGHT | {"mode": "coordinates", "xy_column": 2}))


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ({"address_columns": []}, {"address_columns": "Choose a column."}),
        ({"address_columns": [3]}, {"address_columns": "There are 3 columns."}),
        ({"address_columns": [-1]}, {"address_columns": "There are 3 columns."}),
        ({"address_columns": [1, 1]}, {"address_columns": "A column is chosen twice."}),
        (
            {"mode": "coordinates"},
            {"x_column": "Choose a column.", "y_column": "Choose a column."},
        ),
        ({"mode": "coordinates", "x_column": 0}, {"y_column": "Choose a column."}),
        (
            {"mode": "coordinates", "x_column": 2, "y_column": 2},
            {"y_column": "It is the column of x; choose another."},
        ),
        ({"mode": "coordinates", "xy_column": 9}, {"xy_column": "There are 3 columns."}),
        (
            {"header_line": 9},
            {
                "header_line": "The file has no rows, or nothing but the names of its columns. "
                "Give a file with one address on each line."
            },
        ),
        ({"format": "workbook"}, {"format": "The file is “text”, not “workbook”."}),
        (
            {"encoding": "klingon"},
            {
                "encoding": "“klingon” is not one of: utf-8, utf-8-sig, utf-16, utf-16-le, "
                "utf-16-be, mixed, windows-1252, iso-8859-15, mac_roman, cp850."
            },
        ),
        (
            {"encoding": "utf-16"},
            {"encoding": "The file cannot be decoded as utf-16; choose another encoding."},
        ),
    ],
)
def test_a_layout_that_does_not_fit_names_its_field(layout, expected):
    assert errors(**layout) == expected


def test_an_encoding_that_cannot_decode_the_file_is_refused():
    content = listed("adresse", *ADDRESSES, encoding="windows-1252")

    assert errors(content, encoding="utf-8") == {
        "encoding": "The file cannot be decoded as utf-8; choose another encoding."
    }


def test_a_sheet_that_is_not_there_is_refused():
    assert errors(BOOK, format="workbook", sheet="Trois") == {
        "sheet": "“Trois” is not one of: Un, Vide."
    }


def test_an_empty_sheet_is_refused():
    assert list(errors(BOOK, format="workbook", sheet="Vide", header_line=0)) == ["header_line"]


def test_a_layout_that_gives_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(table, "MAX_ROWS", 2)

    assert errors() == {"delimiter": "The file has more than 2 rows. Split it into several files."}
