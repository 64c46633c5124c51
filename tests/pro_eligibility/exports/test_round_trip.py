"""From an upload through its job to the exports: the file comes back, row by row."""

from collections.abc import Callable
from typing import Any

import pytest

from pro_eligibility.models import EligibilityTest
from standins.geocoder.server import GeocoderStandin
from tests.conftest import client_of
from tests.pro_eligibility.exports.conftest import read_csv, read_geojson, read_xlsx

LINES = [
    "nom;adresse",
    "École;1 rue de la Paix 03000 Moulins",
    "Mairie;",
    "École;1 RUE de la paix  03000 Moulins",
    "=1+1;xyzzy",
    "Gare;2 rue de la Paix 03000 Moulins;extra",
    "-12,5;Total",
]
CELLS = [[*line.split(";"), ""][:3] for line in LINES[1:]]


@pytest.fixture
def done(
    geocoder: GeocoderStandin, upload: Callable[..., EligibilityTest], run: Callable[..., Any]
) -> EligibilityTest:
    test = upload(*LINES)
    run(test)
    return test


def test_the_cells_come_back_as_they_were(done: EligibilityTest) -> None:
    """D-3.5"""
    client = client_of(done.user)

    in_xlsx = [line[:3] for line in read_xlsx(client, done)[1:]]
    in_geojson = [[*row["properties"].values()][:3] for row in read_geojson(client, done)]
    in_csv = [line[:3] for line in read_csv(client, done)[1:]]

    assert in_xlsx == CELLS
    assert in_geojson == CELLS
    assert in_csv == [["'=1+1", *cells[1:]] if cells[0] == "=1+1" else cells for cells in CELLS]


def test_every_row_has_an_outcome_and_none_waits(done: EligibilityTest) -> None:
    outcomes = [line[4] for line in read_csv(client_of(done.user), done)[1:]]

    assert (outcomes[1], outcomes[2], outcomes[5]) == ("invalid", "duplicate", "invalid")
    assert "waiting" not in outcomes
