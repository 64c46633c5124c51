"""Rows in = rows out, in each of the exports."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from pro_eligibility.exports import records
from pro_eligibility.exports.errors import RowsRemoved
from pro_eligibility.exports.files import export
from pro_eligibility.models import Assessment, EligibilityTest
from tests.pro_eligibility.api.conftest import is_problem
from tests.pro_eligibility.exports.conftest import (
    ALL,
    Make,
    get,
    read_csv,
    read_geojson,
    read_xlsx,
)

CELLS = [["b", "École"], ["a", ""], ["b", "École"], ["", " «x» "]]


def test_a_csv_has_every_row_in_the_order_of_the_file(alice: APIClient, make: Make) -> None:
    test = make(*CELLS, columns=["nom", "adresse"])

    lines = read_csv(alice, test)

    assert lines[0][:2] == ["nom", "adresse"]
    assert [line[:3] for line in lines[1:]] == [
        [*cells, str(number)] for number, cells in enumerate(CELLS, 1)
    ]


def test_a_workbook_has_every_row_in_the_order_of_the_file(alice: APIClient, make: Make) -> None:
    test = make(*CELLS, columns=["nom", "adresse"])

    lines = read_xlsx(alice, test)

    assert lines[0][:2] == ["nom", "adresse"]
    assert [line[:3] for line in lines[1:]] == [
        [*cells, number] for number, cells in enumerate(CELLS, 1)
    ]


def test_a_geojson_has_every_row_in_the_order_of_the_file(alice: APIClient, make: Make) -> None:
    test = make(*CELLS, columns=["nom", "adresse"])

    shown = [feature["properties"] for feature in read_geojson(alice, test)]

    assert [[row["nom"], row["adresse"], row["row"]] for row in shown] == [
        [*cells, number] for number, cells in enumerate(CELLS, 1)
    ]


@pytest.mark.parametrize("read", [read_csv, read_xlsx])
def test_a_summary_has_every_row(read: Any, alice: APIClient, every: EligibilityTest) -> None:
    file = "summary.csv" if read is read_csv else "summary.xlsx"

    lines = read(alice, every, file)

    assert [line[0] for line in lines[1:]] == [row.query for row in every.rows.all()]


def test_rows_of_several_batches_are_joined(
    alice: APIClient, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "ROWS_AT_ONCE", 2)
    test = make(["1"], ["2"], ["3"], ["4"], ["5"])

    assert [line[0] for line in read_csv(alice, test)[1:]] == ["1", "2", "3", "4", "5"]
    assert [feature["properties"]["adresse"] for feature in read_geojson(alice, test)] == [
        "1", "2", "3", "4", "5",
    ]  # fmt: skip


def test_a_row_longer_than_the_header_keeps_its_extra_cells(alice: APIClient, make: Make) -> None:
    """D-3.5"""
    test = make(["a", "b", "c"], ["d"], columns=["nom"])

    in_csv, in_xlsx = read_csv(alice, test), read_xlsx(alice, test)
    in_geojson = [feature["properties"] for feature in read_geojson(alice, test)]

    assert [line[:4] for line in in_csv] == [
        ["nom", "", "", "Row"], ["a", "b", "c", "1"], ["d", "", "", "2"],
    ]  # fmt: skip
    assert [line[:3] for line in in_xlsx[1:]] == [["a", "b", "c"], ["d", "", ""]]
    assert [list(row.items())[:3] for row in in_geojson] == [
        [("nom", "a"), ("?", "b"), ("? (2)", "c")],
        [("nom", "d"), ("?", ""), ("? (2)", "")],
    ]


def test_columns_of_one_name_are_kept_apart_in_a_geojson(alice: APIClient, make: Make) -> None:
    test = make(["a", "b", "c", "d"], columns=["nom", "nom", "nom (2)", "row"])

    (feature,) = read_geojson(alice, test)

    assert list(feature["properties"].items())[:5] == [
        ("nom", "a"), ("nom (2)", "b"), ("nom (2) (2)", "c"), ("row", "d"), ("row (2)", 1),
    ]  # fmt: skip


def test_a_test_that_is_not_done_gives_the_rows_so_far(
    alice: APIClient, every: EligibilityTest
) -> None:
    last = read_csv(alice, every)[-1]

    assert last[1:4] == ["6", "waiting", "The geocoder has not been asked yet."]


@pytest.mark.parametrize("file", ALL)
def test_a_draft_has_nothing_to_export(file: str, alice: APIClient, make: Make) -> None:
    test = make(name="Gaz", read_at=None)

    response = get(alice, test, file)

    assert is_problem(response, 409)
    assert response.json()["detail"] == (
        "The rows of “Gaz” have not been read yet: start it, then export it."
    )


@pytest.mark.parametrize("file", ALL)
def test_what_was_removed_is_not_exported(file: str, alice: APIClient, make: Make) -> None:
    test = make(["a"], name="Gaz")
    test.purge()

    response = get(alice, test, file)

    assert is_problem(response, 409)
    assert response.json()["detail"] == (
        "The addresses of “Gaz” were removed; upload the file again."
    )


def test_a_file_whose_rows_are_removed_meanwhile_does_not_look_whole(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "ROWS_AT_ONCE", 1)
    test = make(["a"], ["b"], name="Gaz")
    parts = iter(export(test, "export.csv"))
    header, first = next(parts), next(parts)

    test.purge()

    assert (header[:3], first[:1]) == (b"\xef\xbb\xbf", b"a")
    with pytest.raises(RowsRemoved) as refused:
        next(parts)
    assert str(refused.value) == (
        "The rows of 'Gaz' were removed while they were exported: 1 of 2 were written. "
        "The file is not whole; there is nothing left to export."
    )


def test_a_file_whose_results_are_removed_meanwhile_does_not_look_whole(
    every: EligibilityTest,
) -> None:
    Assessment.objects.all().delete()
    parts = iter(export(every, "export.csv"))
    next(parts)

    with pytest.raises(RowsRemoved) as refused:
        next(parts)

    assert str(refused.value) == (
        f"The rows of {every.name!r} were removed while they were exported: 0 of 6 were written. "
        "The file is not whole; there is nothing left to export."
    )


def test_an_export_takes_few_queries_a_batch(
    alice: APIClient, every: EligibilityTest, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        assert len(read_csv(alice, every)) == 7
