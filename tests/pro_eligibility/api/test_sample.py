"""GET and POST /api/eligibility-tests/{id}/preview/, POST try/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from pro_eligibility.models import AddressRow, Assessment, EligibilityTest
from standins.geocoder.server import GeocoderStandin
from tests.networks.factories import HeatNetworkFactory, line
from tests.pro_eligibility.api.conftest import is_problem, path_of
from tests.pro_eligibility.factories import EligibilityTestFactory

CONTENT = b"nom;adresse\nEcole;1 rue de la Paix 03000 Moulins\nMairie;2 rue de la Paix\n"


@pytest.fixture
def uploaded(alice: Any) -> EligibilityTest:
    return EligibilityTestFactory(
        user=alice.user,
        content=CONTENT,
        layout_data={"delimiter": ";", "address_columns": [1]},
    )


def queries(response: Any) -> list[str]:
    return [row["query"] for row in response.json()["rows"]]


def test_the_preview_shows_the_file_as_it_is_read_at_present(
    alice: APIClient, uploaded: EligibilityTest
) -> None:
    response = alice.get(path_of(uploaded, "preview/"))

    assert response.json()["columns"] == ["nom", "adresse"]
    assert queries(response) == ["1 rue de la Paix 03000 Moulins", "2 rue de la Paix"]


def test_it_shows_another_layout_and_saves_nothing(
    alice: APIClient, uploaded: EligibilityTest
) -> None:
    layout = {"address_columns": [1, 0]}

    response = alice.post(path_of(uploaded, "preview/"), {"layout": layout}, format="json")

    assert queries(response) == ["1 rue de la Paix 03000 Moulins Ecole", "2 rue de la Paix Mairie"]
    assert EligibilityTest.objects.get().layout == uploaded.layout


def test_it_shows_titles_and_the_rest_as_they_would_be(
    alice: APIClient, uploaded: EligibilityTest
) -> None:
    response = alice.post(
        path_of(uploaded, "preview/"), {"layout": {"header_line": 1}}, format="json"
    )

    assert response.json()["titles"] == [["nom", "adresse"]]
    assert response.json()["row_count"] == 1


@pytest.mark.parametrize("rest", ["preview/", "try/"])
def test_a_layout_that_does_not_fit_names_the_field(
    rest: str, alice: APIClient, uploaded: EligibilityTest
) -> None:
    response = alice.post(path_of(uploaded, rest), {"layout": {"encoding": "utf-7"}}, format="json")

    assert is_problem(response, 400)
    assert list(response.json()["errors"]) == ["layout.encoding"]


def test_coordinates_are_shown_in_degrees(alice: Any) -> None:
    test = EligibilityTestFactory(
        user=alice.user,
        content=b"x;y\n700000;6600000\n",
        layout_data={
            "delimiter": ";", "mode": "coordinates", "x_column": 0, "y_column": 1,
            "crs": "EPSG:2154",
        },
    )  # fmt: skip

    (row,) = alice.get(path_of(test, "preview/")).json()["rows"]

    # The origin of Lambert-93 is at 3° east, 46.5° north.
    assert (round(row["longitude"], 6), round(row["latitude"], 6)) == (3.0, 46.5)


def test_five_rows_from_all_over_the_file_are_tried(
    alice: Any, geocoder: GeocoderStandin, draft: EligibilityTest
) -> None:
    lines = [f"{number} rue de la Paix 03000 Moulins" for number in range(1, 102)]
    test = EligibilityTestFactory(user=alice.user, content="\n".join(["adresse", *lines]).encode())

    rows = alice.post(path_of(test, "try/")).json()["rows"]

    assert [row["number"] for row in rows] == [1, 26, 51, 76, 101]
    assert [row["query"] for row in rows] == [lines[number - 1] for number in (1, 26, 51, 76, 101)]


def test_a_short_file_is_tried_whole(
    alice: APIClient, geocoder: GeocoderStandin, draft: EligibilityTest
) -> None:
    rows = alice.post(path_of(draft, "try/")).json()["rows"]

    assert [row["number"] for row in rows] == [1, 2]
    assert all(row["outcome"] in ("ok", "to_review", "not_found") for row in rows)


def test_tried_rows_get_their_place_and_their_eligibility(
    alice: Any, geocoder: GeocoderStandin
) -> None:
    HeatNetworkFactory(sncu="0301C", geometry=line(x=700_000, y=6_600_050))
    test = EligibilityTestFactory(
        user=alice.user,
        content=b"x;y\n700500;6600000\n",
        layout_data={
            "delimiter": ";", "mode": "coordinates", "x_column": 0, "y_column": 1,
            "crs": "EPSG:2154",
        },
    )  # fmt: skip

    (row,) = alice.post(path_of(test, "try/")).json()["rows"]

    assert (row["outcome"], row["reason"]) == ("ok", "The coordinates of the file were used.")
    assert (row["result"]["type"], row["result"]["distance"], row["result"]["sncu"]) == (
        "reseau_existant_tres_proche", 50, "0301C",
    )  # fmt: skip


def test_a_row_without_an_address_is_shown_without_being_asked(
    alice: Any, geocoder: GeocoderStandin
) -> None:
    test = EligibilityTestFactory(
        user=alice.user,
        content=b"nom;adresse\nEcole;\n",
        layout_data={"delimiter": ";", "address_columns": [1]},
    )

    (row,) = alice.post(path_of(test, "try/")).json()["rows"]

    assert row["reason"] == "There is no address in the row."


def test_a_trial_stores_nothing(
    alice: APIClient, geocoder: GeocoderStandin, draft: EligibilityTest
) -> None:
    alice.post(path_of(draft, "try/"))

    assert not AddressRow.objects.exists()
    assert not Assessment.objects.exists()


def test_a_geocoder_that_is_away_is_said_to_be(
    alice: APIClient, geocoder: GeocoderStandin, draft: EligibilityTest, settings: Any
) -> None:
    settings.GEOCODER = settings.GEOCODER | {"url": "http://127.0.0.1:9"}

    response = alice.post(path_of(draft, "try/"))

    assert is_problem(response, 503)
    assert response.json()["detail"] == (
        "No row was tried, because the geocoder does not answer. Try again in some minutes, or "
        "start the test: its job waits for the geocoder."
    )
