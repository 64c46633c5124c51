"""What each row of a file asks for, or why it asks for nothing; all made up."""

import pytest

from pro_eligibility.models.address_row import Reason, State
from pro_eligibility.uploads import rows as module
from pro_eligibility.uploads.rows import ParsedRow
from tests.pro_eligibility.uploads.files import rows_of

HOCHE = "3 rue Hoche 95200 Sarcelles"
LAT_LON = {"mode": "coordinates", "x_column": 1, "y_column": 0}


def outcome(row):
    return row.state, row.reason, row.facts


def test_a_row_asks_for_its_address_with_single_blanks():
    (row,) = rows_of(" 3  rue de l’ŒUVRE\xa0;95200;Évry ", address_columns=[0, 1, 2])

    assert row == ParsedRow(
        number=1,
        cells=[" 3  rue de l’ŒUVRE\xa0", "95200", "Évry "],
        query="3 rue de l’ŒUVRE 95200 Évry",
        query_key="3 rue de l oeuvre 95200 evry",
        state=State.WAITING,
        reason=Reason.WAITING,
        facts={},
        x=None,
        y=None,
    )


def test_rows_count_from_one_without_the_blank_ones():
    rows = rows_of(HOCHE, "", " ; ;", "4 rue Hoche", address_columns=[0])

    assert [(row.number, row.query) for row in rows] == [(1, HOCHE), (2, "4 rue Hoche")]


@pytest.mark.parametrize("cell", ["", " ", "-", "?"])
def test_a_row_without_an_address_is_invalid(cell):
    (row,) = rows_of(f"1;{cell}", address_columns=[1])

    assert outcome(row) == (State.INVALID, Reason.EMPTY, {})


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (200, (State.WAITING, Reason.WAITING, {})),
        (201, (State.INVALID, Reason.TOO_LONG, {"length": 201, "most": 200})),
    ],
)
def test_an_address_has_200_characters_at_most(length, expected):
    (row,) = rows_of("x" * length, address_columns=[0])

    assert outcome(row) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Total;;30",
        "TOTAL GENERAL : 120;;",
        "Sous-total;12;",
        ";Total : 30 adresses;",
        "total;;1 200",
    ],
)
def test_a_total_is_invalid(line):
    (row,) = rows_of(line, address_columns=[1])

    assert outcome(row) == (State.INVALID, Reason.TOTAL, {})


@pytest.mark.parametrize(
    "line",
    ["12 rue Total", "Total Énergies, 2 place Coupole", "1 impasse du Total 95200 Sarcelles"],
)
def test_an_address_with_the_word_total_is_none(line):
    (row,) = rows_of(line, address_columns=[0])

    assert row.state == State.WAITING


def test_a_site_called_total_with_a_postcode_is_no_total():
    (row,) = rows_of("Total;95200", address_columns=[1])

    assert row.state == State.WAITING


@pytest.mark.parametrize(
    "line",
    [
        "46.5;3",
        "46,5;3,0",
        " 46,5° ; 3 °",
        "46.5 N;3E",
        "+46.5;3.",
    ],
)
def test_degrees_become_metres(line):
    (row,) = rows_of(line, **LAT_LON)

    assert (row.query, row.query_key, row.state) == ("", "", State.WAITING)
    # Where Lambert-93 begins to count, by its definition.
    assert (row.x, row.y) == (700_000, 6_600_000)


def test_a_longitude_west_of_greenwich_is_negative():
    west, minus = rows_of("48,39;4,49 O", "48.39;-4.49", **LAT_LON)

    assert (west.x, west.y) == (minus.x, minus.y)


@pytest.mark.parametrize(
    "x", ["652000,5", "652 000,5", "652\u202f000,50", "652.000,5", "652,000.5"]
)
def test_metres_stay_metres(x):
    (row,) = rows_of(f"6 867 129;{x}", **LAT_LON, crs="EPSG:2154")

    assert (row.x, row.y) == (652_000.5, 6_867_129.0)


@pytest.mark.parametrize(
    "cell",
    ["48.85, 2.35", "48.85,2.35", "48,85 2,35", "48,85, 2,35", "48,85,2,35", "48,85 / 2,35",
     "[48.85, 2.35]", "48.85 2.35", "48,85|2,35"],
)  # fmt: skip
def test_a_column_may_hold_both_coordinates(cell):
    (both,) = rows_of(cell, mode="coordinates", xy_column=0, delimiter="\t")
    (apart,) = rows_of("48.85;2.35", **LAT_LON)

    assert (both.x, both.y) == (apart.x, apart.y)


def test_the_longitude_may_come_first():
    (row,) = rows_of("3.0 46.5", mode="coordinates", xy_column=0, xy_order="xy")

    assert (row.x, row.y) == (700_000, 6_600_000)


@pytest.mark.parametrize(
    ("line", "reason", "facts"),
    [
        ("1;;", Reason.NO_COORDINATES, {}),
        ("1;48.85;", Reason.NO_COORDINATES, {}),
        ("1;nord;2.35", Reason.NOT_A_NUMBER, {"value": "nord"}),
        ("1;48.85;1.2.3", Reason.NOT_A_NUMBER, {"value": "1.2.3"}),
        ("1;48.85;nan", Reason.NOT_A_NUMBER, {"value": "nan"}),
        ("1;0;0", Reason.OUTSIDE, {"value": "0; 0"}),
        ("1;-21,1;55,5", Reason.OUTSIDE, {"value": "-21,1; 55,5"}),
        ("1;1000;2", Reason.OUTSIDE, {"value": "1000; 2"}),
        ("Total;;30", Reason.TOTAL, {}),
    ],
)
def test_a_row_without_a_place_in_france_is_invalid(line, reason, facts):
    (row,) = rows_of(line, mode="coordinates", y_column=1, x_column=2)

    assert outcome(row) == (State.INVALID, reason, facts)
    assert (row.x, row.y) == (None, None)


def test_a_column_without_two_coordinates_is_quoted():
    (row,) = rows_of("48,85", mode="coordinates", xy_column=0)

    assert outcome(row) == (State.INVALID, Reason.NOT_A_NUMBER, {"value": "48,85"})


def test_a_site_called_total_with_coordinates_is_no_total():
    (row,) = rows_of("Total;48.85;2.35", mode="coordinates", y_column=1, x_column=2)

    assert row.state == State.WAITING


def test_coordinates_are_converted_some_thousand_at_once(monkeypatch):
    calls = []
    convert = module.in_lambert_93
    monkeypatch.setattr(module, "in_lambert_93", lambda *a: calls.append(1) or convert(*a))

    rows = rows_of(*["48.85;2.35"] * 12_000, **LAT_LON)

    assert (len(rows), len(calls)) == (12_000, 3)
    assert rows[-1].number == 12_000
