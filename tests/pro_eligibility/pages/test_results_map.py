"""The map of the results: what its script is told, and what is on the page without it."""

import re

import pytest

from pro_eligibility.models import AddressRow
from tests.pro_eligibility.factories import EligibilityTestFactory
from tests.pro_eligibility.pages.results_world import (
    HOSTILE,
    address,
    administrator,
    config,
    html,
    owner,
    test,
)
from tests.tiles.conftest import register
from tests.tiles.factories import MadeUpArchive, TilesetFactory

__all__ = ["administrator", "owner", "register", "test"]

pytestmark = pytest.mark.django_db


def test_the_script_is_told_where_the_points_and_the_rows_are(owner, test):
    told = config(owner, test)

    assert told["points"] == f"/api/eligibility-tests/{test.pk}/points/?"
    assert told["row"] == address(test, "rows/")


def test_the_map_shows_what_the_table_is_asked_for(owner, test):
    told = config(owner, test, "?outcome=ok&type=nonsense&q=rue%20%26&after=3")

    assert told["points"].endswith("/points/?outcome=ok&q=rue+%26")


def test_the_map_opens_on_all_places(owner, test):
    AddressRow.objects.filter(number=1).update(x=700_000, y=6_600_000)
    AddressRow.objects.filter(number=2).update(x=701_000, y=6_602_000)

    west, south, east, north = config(owner, test)["bounds"]

    # 200 m around; 700 km, 6,600 km is 3° E, 46.5° N.
    assert (west, south) == pytest.approx((2.9974, 46.4982), abs=1e-4)
    assert (east, north) == pytest.approx((3.0156, 46.5198), abs=1e-4)


def test_the_networks_that_are_built_lie_below(owner, test):
    layers = [{"id": "as-built", "fields": {}}]
    TilesetFactory(source="reseaux-de-chaleur", archive=MadeUpArchive(vector_layers=layers))

    [source] = config(owner, test)["sources"]

    assert source["url"] == "/tiles/reseaux-de-chaleur.json"
    assert source["layer"] == "as-built"
    assert "Réseaux de chaleur" in html(owner, test)


def test_a_private_source_is_for_administrators(owner, administrator, test, register):
    TilesetFactory(source=register(id="secret", private=True).id)

    assert config(owner, test)["sources"] == []
    assert [source["id"] for source in config(administrator, test)["sources"]] == ["secret"]


def test_the_addresses_of_other_tests_are_not_below(administrator, test):
    TilesetFactory(source="tests-adresses")

    assert config(administrator, test)["sources"] == []


def test_each_symbol_of_the_map_has_a_shape_of_its_own_in_the_legend(owner, test):
    drawn = re.findall(r'data-symbol="(\w+)".*?<path d="(.*?)"', html(owner, test))

    assert [symbol for symbol, _ in drawn] == ["existing", "future", "none", "to_review"]
    assert len({shape for _, shape in drawn}) == 4


def test_a_source_is_drawn_in_the_legend_as_on_the_map_of_the_tiles(owner, test):
    TilesetFactory(source="communes")

    swatches = [
        re.findall(r'<svg class="swatch".*?</svg>', page, re.S)
        for page in (html(owner, test), owner.get("/map/").content.decode())
    ]

    assert swatches[0] == swatches[1]
    assert 'data-source="communes" data-shapes="area"' in swatches[0][0]


def test_it_is_said_when_nothing_is_in_sight(owner, test):
    said = "None of the addresses that the filters choose is in this part of the map."

    assert config(owner, test)["texts"]["nothingInSight"] == said


def test_every_type_has_a_symbol(owner, test):
    told = config(owner, test)

    assert sorted(told["types"]) == sorted(
        type for group in told["groups"].values() for type in group
    )


def test_without_script_it_is_said_that_the_table_has_it_all(owner, test):
    assert "The map needs JavaScript; the table has all that it shows." in html(owner, test)


def test_a_test_without_places_has_no_map(client):
    test = EligibilityTestFactory(completed_at="2026-01-01T00:00Z")
    client.force_login(test.user)

    page = html(client, test)

    assert "map-config" not in page
    assert "There are no rows." in page


def test_what_is_searched_for_cannot_end_the_data_of_the_script(owner, test):
    page = owner.get(address(test), {"q": HOSTILE}).content.decode()

    [data] = re.findall(r'<script id="map-config"[^>]*>(.*?)</script>', page, re.S)
    assert data.endswith("}")


def test_nothing_comes_from_another_site(owner, test):
    TilesetFactory(source="communes")

    assert re.findall(r"(?:https?:)?//[\w.-]+", html(owner, test)) == []
