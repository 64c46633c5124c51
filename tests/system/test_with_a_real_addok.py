"""Whole tests of addresses against a real geocoder."""

import csv
from datetime import timedelta

import pytest

from tests.pro_eligibility.conftest import DATA, networks, owner, run, upload
from tests.system.addok import addok

__all__ = ["networks", "owner", "run", "upload"]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with addok(tmp_path_factory.mktemp("addok")) as url:
        yield url


@pytest.fixture(autouse=True)
def geocoder(url, settings):
    settings.GEOCODER = settings.GEOCODER | {
        "url": url,
        "rows_per_request": 100,
        "requests_per_second": 50,
        "patience": timedelta(0),
        "reuse": timedelta(0),
    }


def gas_rows():
    with (DATA / "addresses-gaz.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_99_of_100_addresses_get_the_label_that_the_public_service_gives(upload, run):
    rows = gas_rows()
    test = upload("adresse;commune", *(f"{row['address']};{row['commune']}" for row in rows))
    assert test.layout.address_columns == [0, 1]

    run(test)

    found = [row.place.label for row in test.rows.with_results().order_by("number")]
    right = sum(label == row["expected_label"] for label, row in zip(found, rows, strict=True))
    assert right >= 0.99 * len(rows)


@pytest.mark.usefixtures("networks")
def test_eligibility_follows_from_its_places(upload, run):
    rows = gas_rows()
    test = upload("adresse;commune", *(f"{row['address']};{row['commune']}" for row in rows))

    run(test)

    with (DATA / "expected-distances.csv").open(encoding="utf-8") as file:
        near = [row for row in csv.DictReader(file) if row["source"] == "gaz"]
    expected = [float(row["distance_m"]) for row in near if float(row["distance_m"]) <= 990]
    measured = test.rows.filter(assessment__distance__lte=990).count()
    duplicates = test.rows.filter(duplicate_of__assessment__distance__lte=990).count()
    assert measured + duplicates == pytest.approx(len(expected), abs=3)


def test_coordinates_get_addresses(upload, run):
    test = upload("lat,lon", *(f"{row['lat']},{row['lon']}" for row in gas_rows()[:50]))

    run(test)

    labels = test.rows.exclude(label="").count()
    assert labels >= 45
