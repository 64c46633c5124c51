"""What is in a workbook beside the rows."""

import io
import zipfile
from datetime import datetime

from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest
from tests.pro_eligibility.exports.conftest import Make, get, read_xlsx


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
    assert legend[3:10] == [
        ["Data version", "abc123"],
        ["Least score, %", 60],
        ["Very close up to, m", 100],
        ["Close up to, m", 200],
        [f"Very close up to, m {paris}", 60],
        [f"Close up to, m {paris}", 100],
        ["Far up to, m", 1000],
    ]


def test_the_legend_explains_every_column(alice: APIClient, every: EligibilityTest) -> None:
    titles = read_xlsx(alice, every)[0]
    lines = read_xlsx(alice, every, sheet=1)

    explained = lines[lines.index(["Column", "Meaning"]) + 1 :]
    assert [line[0] for line in explained] == titles
    assert all(line[1] for line in explained)


def test_a_cell_that_excel_cannot_hold_is_cut_off_rather_than_refused(
    alice: APIClient, make: Make
) -> None:
    assert read_xlsx(alice, make(["a" * 40_000]))[1][0] == "a" * 32_767


def test_characters_that_xml_cannot_hold_do_no_harm(alice: APIClient, make: Make) -> None:
    lines = read_xlsx(alice, make(["a\x01b"], ["c"]))

    assert [line[1] for line in lines[1:]] == [1, 2]
