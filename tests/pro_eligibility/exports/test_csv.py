"""What makes a CSV open right and harmlessly in a French Excel."""

import pytest
from rest_framework.test import APIClient

from pro_eligibility.exports.csv_file import harmless
from tests.pro_eligibility.exports.conftest import Make, get, read_csv, read_xlsx
from tests.pro_eligibility.factories import AddressRowFactory

FORMULAS = [
    "=1+1",
    "+33 6 12 34 56 78",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(A1)",
    "-12,5,3",
    "-",
]
HARMLESS = ["-12,5", "-12.5", "-3", "+3", "12", "a=1", "", " -", "1 rue de la Paix", "'=1"]


def test_it_is_utf_8_with_a_mark_semicolons_and_windows_line_ends(
    alice: APIClient, make: Make
) -> None:
    content = get(alice, make(["École"]), "export.csv").getvalue()

    assert content.startswith("\ufeffadresse;Row;Outcome;".encode())
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 2
    assert "École;1;ok;".encode() in content


def test_numbers_have_a_decimal_comma(alice: APIClient, make: Make) -> None:
    test = make()
    AddressRowFactory(test=test, number=1, x=699_000.0, y=6_600_000.0)
    test.row_count = 1
    test.save()

    header, line = read_csv(alice, test)

    assert line[header.index("Longitude")] == "2,98696"


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_begins_like_a_formula_is_escaped(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", HARMLESS)
def test_everything_else_stays(cell: str) -> None:
    assert harmless(cell) == cell


def test_names_of_columns_are_escaped_too(alice: APIClient, make: Make) -> None:
    assert read_csv(alice, make(["a"], columns=["=nom"]))[0][0] == "'=nom"


def test_addresses_that_were_found_are_escaped_too(alice: APIClient, make: Make) -> None:
    test = make(["a"])
    test.rows.update(label="=1+1")

    assert "'=1+1" in read_csv(alice, test)[1]


@pytest.mark.parametrize("cell", ["a;b", 'a"b', "a\nb", "a,b", "a\r\nb"])
def test_a_cell_may_hold_whatever_separates_cells(cell: str, alice: APIClient, make: Make) -> None:
    assert read_csv(alice, make([cell]))[1][0] == cell


@pytest.mark.parametrize("cell", ["=1+1", "007", "1e5", "http://example.org", "mailto:a@b", "1,5"])
def test_in_a_workbook_every_cell_of_the_file_is_the_text_it_was(
    cell: str, alice: APIClient, make: Make
) -> None:
    assert read_xlsx(alice, make([cell]))[1][0] == cell
