"""Postcodes whose leading zero a spreadsheet took for nothing; all made up."""

import pytest

from pro_eligibility.uploads.detection import detect
from pro_eligibility.uploads.preview import preview
from pro_eligibility.uploads.rows import parsed_rows
from tests.pro_eligibility.uploads.files import listed, rows_of, xlsx

BOTH = {"address_columns": [0, 1], "header_line": 0}


def queries(*cells, header="rue;code postal"):
    rows = rows_of(header, *[f"rue Hoche;{cell}" for cell in cells], **BOTH)
    return [row.query.removeprefix("rue Hoche ") for row in rows]


def test_a_postcode_of_four_digits_among_longer_ones_is_asked_for_with_its_zero():
    assert queries("1000", "95200", " 2100 ", "75001") == ["01000", "95200", "02100", "75001"]


def test_its_cell_and_the_number_before_it_stay_as_they_are():
    row, _ = rows_of("rue;cp", "1000;1000", "2;95200", **BOTH)

    assert (row.query, row.query_key, row.cells) == ("1000 01000", "1000 01000", ["1000", "1000"])


@pytest.mark.parametrize(
    ("cells", "header"),
    [
        (["1000", "1200", "1300"], "rue;code postal"),  # as in other countries
        (["100", "95200", "10000 Troyes"], "rue;code postal"),
        (["1000", "95200", "75001"], "rue;code insee"),
    ],
)
def test_other_numbers_get_no_zero(cells, header):
    assert queries(*cells, header=header) == cells


def test_each_postcode_of_four_digits_in_a_workbook_is_asked_for_with_its_zero():
    content = xlsx({"F": [["rue", "code postal", "lot"], ["3 rue Hoche", 1000, 1000]]})
    layout = detect(content, "made-up.xlsx").layout

    assert [row.query for row in parsed_rows(content, layout)] == ["3 rue Hoche 01000"]


def test_the_preview_shows_what_is_asked_for():
    content = listed("adresse;cp", "3 rue;1000", "4 rue;95200", "5 rue;75001")

    seen = preview(content, detect(content, "made-up.csv").layout, limit=1)

    assert ([row.query for row in seen.rows], seen.row_count) == (["3 rue 01000"], 3)


def test_columns_of_addresses_that_are_not_used_need_not_be_there():
    layout = {"mode": "coordinates", "xy_column": 0, "address_columns": [7], "header_line": 0}

    (row,) = rows_of("gps", "46.5 3", **layout)

    assert (row.x, row.y) == (700_000, 6_600_000)
