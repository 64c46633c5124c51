"""What is in a workbook beside the rows."""

import io
import zipfile
from datetime import datetime

import pytest
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest
from tests.pro_eligibility.exports.conftest import Make, get, read_csv, read_xlsx


def test_it_has_two_sheets(alice: APIClient, every: EligibilityTest) -> None:
    content = get(alice, every, "export.xlsx").getvalue()

    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["Results", "Legend"]


def test_there_is_no_formula_and_no_link_in_it(alice: APIClient, make: Make) -> None:
    content = get(alice, make(["=1+1"], ["http://example.org"]), "export.xlsx").getvalue()

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "=1+1" in sheet
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_the_legend_says_on_what_the_results_rest(alice: APIClient, every: EligibilityTest) -> None:
    legend = read_xlsx(alice, every, sheet=1)

    paris = "(7501C, 7511C)"
    assert legend[0] == ["Test", every.name]
    assert [line[0] for line in legend[1:3]] == ["Exported at", "Last complete run"]
    assert legend[2][1] == datetime(2026, 3, 1, 13)
    assert legend[3:11] == [
        ["Data version of the last complete run", "abc123"],
        ["Least score, %", 60],
        ["Very close up to, m", 100],
        ["Close up to, m", 200],
        [f"Very close up to, m {paris}", 60],
        [f"Close up to, m {paris}", 100],
        ["Far up to, m", 1000],
        [
            "Cells that end in “…”",
            "A cell of more than 32,767 characters is cut there: Excel takes no more. "
            "The CSV has it whole.",
        ],
    ]


def test_the_legend_explains_every_column(alice: APIClient, every: EligibilityTest) -> None:
    titles = read_xlsx(alice, every)[0]
    lines = read_xlsx(alice, every, sheet=1)

    explained = lines[lines.index(["Column", "Meaning"]) + 1 :]
    assert [line[0] for line in explained] == titles
    assert all(line[1] for line in explained)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a" * 32_767, "a" * 32_767),
        ("a" * 32_768, "a" * 32_766 + "…"),
        # Excel counts UTF-16 units, of which such a character takes two.
        ("😀" * 16_384, "😀" * 16_383 + "…"),
    ],
    ids=["longest", "too long", "too long in UTF-16"],
)
def test_a_cell_that_excel_cannot_hold_is_cut_and_says_so(
    given: str, expected: str, alice: APIClient, make: Make
) -> None:
    test = make([given])

    assert read_xlsx(alice, test)[1][0] == expected
    assert read_csv(alice, test)[1][0] == given


@pytest.mark.parametrize("cell", ["a\x01b", "\x0b", "\ufffe"])
def test_characters_that_xml_cannot_hold_do_no_harm(
    cell: str, alice: APIClient, make: Make
) -> None:
    lines = read_xlsx(alice, make([cell], ["c"]))

    assert [line[1] for line in lines[1:]] == [1, 2]


@pytest.mark.parametrize(
    "cell", ["<r>&</r>", "</t></is></c>", "a & b", "_x0041_", " a ", "a\nb", "a\r\nb", "\"'"]
)
def test_what_xml_has_a_meaning_for_is_kept(cell: str, alice: APIClient, make: Make) -> None:
    assert read_xlsx(alice, make([cell]))[1][0] == cell


@pytest.mark.parametrize(
    "cell", ["75001", "0", "-3", "48.85", "-0.5", "0.00001", "123456789012345", "9.87654321012345"]
)
def test_a_number_of_a_workbook_comes_back_as_one(cell: str, alice: APIClient, make: Make) -> None:
    test = make([cell], layout_data={"format": "workbook", "address_columns": [0]})

    assert read_xlsx(alice, test)[1][0] == float(cell)


@pytest.mark.parametrize(
    "cell", ["075", "+3", "1.50", "1,5", "1e5", "-0", "1" * 16, "²", "٣", "1_0", "3 ", "=1", ".5"]
)
def test_whatever_does_not_print_as_a_number_does_is_a_text(
    cell: str, alice: APIClient, make: Make
) -> None:
    test = make([cell], layout_data={"format": "workbook", "address_columns": [0]})

    assert read_xlsx(alice, test)[1][0] == cell


def test_in_a_text_nothing_is_a_number(alice: APIClient, make: Make) -> None:
    assert read_xlsx(alice, make(["75001"]))[1][0] == "75001"


@pytest.mark.parametrize(
    ("format", "meaning"),
    [
        ("text", "A column of your file, as it was."),
        (
            "workbook",
            "A column of your file, as it was: numbers of at most 15 digits are numbers, "
            "all else is text.",
        ),
    ],
)
def test_the_legend_says_whether_numbers_are_such(
    format: str, meaning: str, alice: APIClient, make: Make
) -> None:
    test = make(["1"], layout_data={"format": format, "address_columns": [0]})

    assert ["adresse", meaning] in read_xlsx(alice, test, sheet=1)
