"""Our columns, in each of the exports."""

from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest
from tests.pro_eligibility.exports.conftest import Make, get, read_csv, read_geojson, read_xlsx
from tests.pro_eligibility.factories import AssessmentFactory

TITLES = [
    "Row",
    "Outcome",
    "Reason",
    "Address found",
    "Score, %",
    "Eligibility",
    "Eligibility, code",
    "Eligible",
    "Distance, m",
    "Network, SNCU number",
    "Network, name",
    "Network, kind",
    "Renewable and recovered energy, %",
    "CO2 content (life cycle), g/kWh",
    "In a development perimeter",
    "Commune",
    "Département",
    "Latitude",
    "Longitude",
    "Date of the result",
    "Data version",
    "Least score, %",
    "Very close up to, m",
    "Close up to, m",
]
RESULT = ["very close to an existing network", "reseau_existant_tres_proche"]


def test_ours_follow_those_of_the_file(alice: APIClient, every: EligibilityTest) -> None:
    assert read_csv(alice, every)[0] == ["adresse", *TITLES]
    assert read_xlsx(alice, every)[0] == ["adresse", *TITLES]


def test_a_row_with_a_result_in_a_csv(alice: APIClient, every: EligibilityTest) -> None:
    assert read_csv(alice, every)[1] == [
        "1 rue de la Paix 03000 Moulins", "1", "ok",
        "Located by the geocoder with a score of 90 %.", "1 Rue de la Paix 03000 Moulins", "90",
        *RESULT, "yes", "50", "0301C", "Réseau du Centre", "heat network", "50,5", "123", "no",
        "Moulins", "Allier", "46,5", "3", "2026-03-01 13:00", "made-up", "60", "100", "200",
    ]  # fmt: skip


def test_numbers_and_dates_are_such_in_a_workbook(alice: APIClient, every: EligibilityTest) -> None:
    assert read_xlsx(alice, every)[1] == [
        "1 rue de la Paix 03000 Moulins", 1, "ok",
        "Located by the geocoder with a score of 90 %.", "1 Rue de la Paix 03000 Moulins", 90,
        *RESULT, "yes", 50, "0301C", "Réseau du Centre", "heat network", 50.5, 123, "no",
        "Moulins", "Allier", 46.5, 3, datetime(2026, 3, 1, 13), "made-up", 60, 100, 200,
    ]  # fmt: skip


def test_a_row_with_a_result_in_a_geojson(alice: APIClient, every: EligibilityTest) -> None:
    feature = read_geojson(alice, every)[0]

    assert feature == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [3.0, 46.5]},
        "properties": {
            "adresse": "1 rue de la Paix 03000 Moulins",
            "row": 1,
            "outcome": "ok",
            "reason": "Located by the geocoder with a score of 90 %.",
            "address": "1 Rue de la Paix 03000 Moulins",
            "score": 90,
            "eligibility": RESULT[0],
            "eligibility_code": RESULT[1],
            "eligible": True,
            "distance_m": 50,
            "network_sncu": "0301C",
            "network_name": "Réseau du Centre",
            "network_kind": "heat network",
            "enrr_percent": 50.5,
            "co2_g_per_kwh": 123,
            "pdp": False,
            "commune": "Moulins",
            "departement": "Allier",
            "latitude": 46.5,
            "longitude": 3.0,
            "result_at": "2026-03-01T13:00:00+01:00",
            "data_version": "made-up",
            "score_threshold": 60,
            "very_close_m": 100,
            "close_m": 200,
        },
    }


def test_a_result_without_a_network_has_no_kind(alice: APIClient, every: EligibilityTest) -> None:
    assert read_geojson(alice, every)[1]["properties"]["network_kind"] == ""


def test_every_row_has_its_outcome_and_a_sentence_why(
    alice: APIClient, every: EligibilityTest
) -> None:
    assert [line[2:4] for line in read_csv(alice, every)[1:]] == [
        ["ok", "Located by the geocoder with a score of 90 %."],
        ["to review", "The geocoder is unsure: 40 % where 60 % is asked."],
        ["not found", "The geocoder found no such address."],
        ["duplicate", "The same place as row 1, whose result it shares."],
        ["invalid", "There is no address in the row."],
        ["waiting", "The geocoder has not been asked yet."],
    ]


def test_a_duplicate_has_the_result_of_the_row_it_repeats(
    alice: APIClient, every: EligibilityTest
) -> None:
    lines = read_csv(alice, every)

    assert lines[4][4:] == lines[1][4:]
    assert read_geojson(alice, every)[3]["geometry"] == {
        "type": "Point", "coordinates": [3.0, 46.5],
    }  # fmt: skip


def test_a_row_without_a_place_has_no_geometry(alice: APIClient, every: EligibilityTest) -> None:
    geometries = [feature["geometry"] for feature in read_geojson(alice, every)]

    assert [geometry is None for geometry in geometries] == [
        False, False, True, False, True, True,
    ]  # fmt: skip


def test_the_distances_are_those_of_the_network(alice: APIClient, make: Make) -> None:
    test = make(["a"])
    AssessmentFactory(row=test.rows.get(), sncu="7501C")

    assert read_csv(alice, test)[1][-2:] == ["60", "100"]


@pytest.mark.parametrize(
    ("file", "extension"),
    [("export.csv", "csv"), ("export.xlsx", "xlsx"), ("export.geojson", "geojson")],
)
def test_the_name_of_the_file_is_that_of_the_test(
    file: str, extension: str, alice: APIClient, make: Make
) -> None:
    response = get(alice, make(["a"], name='Gaz/"Paris"\r\n'), file)
    response.close()

    name = response["Content-Disposition"]
    assert name.startswith('attachment; filename="Gaz--Paris--- - export 20')
    assert name.endswith(f'.{extension}"')


def test_a_name_cannot_turn_around_how_the_file_is_called(alice: APIClient, make: Make) -> None:
    name = "a\u202exslx\u202cb\u2066c\u2069"

    response = get(alice, make(["a"], name=name), "export.csv")

    assert response["Content-Disposition"].startswith(
        'attachment; filename="a-xslx-b-c- - export 20'
    )


def test_a_name_beyond_ascii_is_encoded(alice: APIClient, make: Make) -> None:
    response = get(alice, make(["a"], name="Écoles"), "export.csv")

    assert response["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''%C3%89coles%20-%20export%20"
    )


def test_no_cache_keeps_addresses(alice: APIClient, make: Make) -> None:
    assert get(alice, make(["a"]), "export.csv")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("accept", ["text/csv", "text/html", "*/*"])
def test_the_extension_decides_whatever_is_accepted(
    accept: str, alice: APIClient, make: Make
) -> None:
    response = get(alice, make(["a"]), "export.csv", Accept=accept)

    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_the_export_is_in_the_language_of_the_request(
    alice: APIClient, every: EligibilityTest, in_french: Any
) -> None:
    in_french(
        {
            "Outcome": "Issue",
            "ok": "bon",
            "no": "non",
            "The geocoder found no such address.": "Introuvable.",
        }
    )

    lines = get(alice, every, "export.csv", **{"Accept-Language": "fr"}).getvalue().decode()

    header, first, _, third, *_ = (line.split(";") for line in lines.splitlines())
    assert header[2] == "Issue"
    assert (first[2], first[15]) == ("bon", "non")
    assert third[3] == "Introuvable."
