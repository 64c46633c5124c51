"""The map page, drawn by a real browser from real tiles."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, Route, expect

from tests.factories import UserFactory
from tests.system.browser import complaints, elsewhere, page, picture
from tests.tiles.conftest import Build, register

__all__ = ["complaints", "elsewhere", "page", "register"]

pytestmark = pytest.mark.django_db(transaction=True)

DATA = Path(settings.BASE_DIR, "data")
POLICY = "default-src 'self'; img-src 'self' data:"
SURESNES, A_VILLAGE = "#14/48.875/2.2285", "#12/48.65/2.79"


@pytest.fixture
def built() -> None:
    for file, kind, source in [
        ("communes-idf.geojson", "communes", "communes"),
        ("heat-networks-idf.geojson", "heat-networks", "reseaux-de-chaleur"),
    ]:
        call_command("load_networks", DATA / file, kind=kind, verbosity=0)
        Build()(source)


@pytest.fixture
def open_map(page: Page, live_server, built, complaints, elsewhere):
    def open_map(place: str = "") -> Page:
        page.goto(f"{live_server.url}/map/{place}")
        expect(page.locator("#map[data-drawn]")).to_be_attached(timeout=60_000)
        return page

    return open_map


def sources_drawn(page: Page) -> list[str]:
    return page.evaluate(
        "[...new Set(tileMap.queryRenderedFeatures().map(({source}) => source))].sort()"
    )


def test_the_features_of_every_built_source_are_drawn(open_map):
    page = open_map()

    assert sources_drawn(page) == ["communes", "reseaux-de-chaleur"]
    picture(page, "map")


def test_the_legend_shows_areas_as_areas_and_lines_as_lines(open_map):
    page = open_map()

    shown = page.locator(".swatch").evaluate_all("all => all.map(({dataset}) => dataset.shapes)")
    assert shown == ["area", "line"]


def test_an_administrator_sees_the_points_of_a_private_source(
    open_map, page, client, live_server, register, complaints
):
    Build()(register(id="secret", private=True).id)
    client.force_login(UserFactory(staff=True))
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    open_map("#7/48.8/2.05")

    assert "secret" in sources_drawn(page)
    assert page.locator(".swatch").last.get_attribute("data-shapes") == "point"
    assert complaints == []


def test_a_strict_policy_is_kept_and_no_other_site_is_asked(open_map, page, complaints, elsewhere):
    def strictly(route: Route) -> None:
        page_itself = route.fetch()
        headers = page_itself.headers | {"content-security-policy": POLICY}
        route.fulfill(response=page_itself, headers=headers)

    page.route("**/map/", strictly)

    open_map()
    page.get_by_role("region", name="Map").click()

    expect(page.locator(".maplibregl-popup")).to_be_visible()
    assert (complaints, elsewhere) == ([], [])


def test_a_click_shows_the_properties_of_what_is_there(open_map):
    page = open_map(SURESNES)

    page.get_by_role("region", name="Map").click()

    popup = page.locator(".maplibregl-popup")
    expect(popup.get_by_role("definition")).to_contain_text(["92073", "Suresnes"])
    picture(page, "map-popup")


def test_a_layer_can_be_switched_off_and_on(open_map):
    page = open_map()
    communes = page.get_by_role("checkbox", name="Communes")

    communes.uncheck()
    page.wait_for_function("tileMap.loaded()")
    without = sources_drawn(page)
    communes.check()
    page.wait_for_function("tileMap.loaded()")

    assert without == ["reseaux-de-chaleur"]
    assert sources_drawn(page) == ["communes", "reseaux-de-chaleur"]


def test_the_keyboard_reads_what_is_in_the_middle_and_goes_on_from_the_map(open_map):
    page = open_map(A_VILLAGE)
    canvas = page.get_by_role("region", name="Map")

    canvas.focus()
    page.keyboard.press("Enter")

    expect(page.locator(".maplibregl-popup")).to_contain_text("Communes")
    page.keyboard.press("Escape")
    expect(page.locator(".maplibregl-popup")).to_have_count(0)
    expect(canvas).to_be_focused()


def test_a_link_opens_the_place_it_names(open_map):
    page = open_map(SURESNES)

    place = page.evaluate("[tileMap.getZoom(), tileMap.getCenter().lat, tileMap.getCenter().lng]")
    assert place == pytest.approx([14, 48.875, 2.2285])


def test_a_map_without_a_place_is_filled_by_all_data(open_map):
    page = open_map()

    # In pixels: where the corners of the data are drawn.
    left, top, right, bottom = page.evaluate("""() => {
        const [west, south, east, north] = JSON.parse(config.textContent).bounds;
        const [a, b] = [tileMap.project([west, north]), tileMap.project([east, south])];
        return [a.x, a.y, b.x, b.y];
    }""")
    box = page.locator("#map").bounding_box()
    assert 0 < left < right < box["width"]
    assert 0 < top < bottom < box["height"]
    assert max((right - left) / box["width"], (bottom - top) / box["height"]) > 0.9


def test_tiles_that_cannot_be_loaded_are_spoken_of(open_map, page):
    page.route("**/*.pbf", lambda route: route.abort())

    open_map()

    expect(page.get_by_role("status")).to_contain_text("could not be loaded")
