"""1,029 real addresses, whose nearest network and distance were computed by others."""

import csv
from functools import reduce
from typing import NamedTuple

import numpy as np
import pytest
import shapely
from django.conf import settings

from networks.geometry import LAMBERT_93, WGS_84, transformer
from networks.kinds import HEAT_NETWORKS
from networks.loading import load
from pro_eligibility.eligibility.found import Found
from pro_eligibility.eligibility.snapshot import Snapshot

pytestmark = pytest.mark.django_db

DATA = settings.BASE_DIR / "data"
FAR = 1_000


class Expected(NamedTuple):
    network: str
    metres: float


@pytest.fixture
def snapshot():
    load(DATA / "heat-networks-idf.geojson", HEAT_NETWORKS)
    return Snapshot.load()


@pytest.fixture(scope="module")
def expected():
    rows = rows_of("expected-distances.csv")
    return [Expected(row["nearest_network"], float(row["distance_m"])) for row in rows]


@pytest.fixture(scope="module")
def points():
    places = {
        (source, row["id"]): (float(row["lon"]), float(row["lat"]))
        for source in ("gaz", "copro")
        for row in rows_of(f"addresses-{source}.csv")
    }
    keys = [(row["source"], row["id"]) for row in rows_of("expected-distances.csv")]
    degrees = np.array([places[key] for key in keys])
    return np.column_stack(transformer(WGS_84, LAMBERT_93).transform(*degrees.T))


def rows_of(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_distance_of_a_verdict_holds_to_the_metre(snapshot, points, expected):
    near = [number for number, row in enumerate(expected) if row.metres < FAR]

    verdicts = snapshot.assess(points[near])

    assert len(near) == 131
    for verdict, number in zip(verdicts, near, strict=True):
        assert verdict.sncu == expected[number].network
        assert abs(verdict.distance - expected[number].metres) <= 1


def test_beyond_a_kilometre_no_distance_is_said(snapshot, points, expected):
    far = [number for number, row in enumerate(expected) if row.metres > FAR + 1]

    assert {verdict.distance for verdict in snapshot.assess(points[far])} == {None}


def test_the_nearest_network_of_all_addresses_holds_to_the_metre(snapshot, points, expected):
    found = nearest(snapshot, points)

    sncus = [snapshot.catalogue.facts[number].sncu for number in found.number]
    assert len(expected) == 1_029
    assert sncus == [row.network for row in expected]
    assert np.abs(found.distance - [row.metres for row in expected]).max() <= 1


def nearest(snapshot, points):
    """The nearest network, however far away."""
    searches = [networks.of(shapely.points(points)) for networks in snapshot.heat.values()]
    return reduce(Found.or_nearer, searches)
