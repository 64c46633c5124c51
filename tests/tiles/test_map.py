import re

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.tiles.factories import MadeUpArchive, TilesetFactory
from tiles.address import Bounds
from tiles.map import around
from tiles.network_sources import COMMUNES
from tiles.sources import tile_sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client) -> Client:
    client.force_login(UserFactory(staff=True))
    return client


def drawn(client: Client) -> list[str]:
    """The sources whose tiles the page draws."""
    config = client.get("/map/").context["config"] or {"sources": []}
    return [source["id"] for source in config["sources"]]


def switches(client: Client) -> list[str]:
    return re.findall(r'<input type="checkbox" name="source" value="(.*?)"', text(client))


def text(client: Client) -> str:
    return client.get("/map/").content.decode()


def test_a_built_source_is_drawn_and_can_be_switched_off(client):
    TilesetFactory(source="communes")

    assert drawn(client) == switches(client) == ["communes"]


def test_a_source_that_is_not_built_is_not_on_the_page(client):
    TilesetFactory(source="communes")

    assert "reseaux-de-chaleur" not in text(client)


def test_tiles_of_a_source_that_no_app_describes_any_more_are_not_drawn(client):
    TilesetFactory(source="communes")
    TilesetFactory(source="forgotten")

    assert drawn(client) == ["communes"]


def test_a_private_source_is_not_on_the_page_of_the_public(client, register):
    TilesetFactory(source=register(id="secret", label="Secret", private=True).id)
    TilesetFactory(source="communes")

    page = text(client)

    assert "secret" not in page.lower()


def test_a_private_source_is_not_on_the_page_of_a_user_who_is_no_administrator(client, register):
    TilesetFactory(source=register(id="secret", private=True).id)
    TilesetFactory(source="communes")
    client.force_login(UserFactory())

    assert drawn(client) == ["communes"]


def test_a_private_source_is_drawn_for_administrators_and_marked(administrator, register):
    TilesetFactory(source=register(id="secret", private=True).id)

    assert drawn(administrator) == ["secret"]
    assert "administrators only" in text(administrator)


def test_a_source_looks_the_same_to_everybody(register):
    TilesetFactory(source=register(id="a-secret", private=True).id)
    TilesetFactory(source="communes")
    visitor, administrator = Client(), Client()
    administrator.force_login(UserFactory(staff=True))

    seen, known = (
        {source["id"]: source["color"] for source in page.context["config"]["sources"]}
        for page in (visitor.get("/map/"), administrator.get("/map/"))
    )

    assert seen["communes"] == known["communes"] != known["a-secret"]


def test_the_layer_is_named_as_it_is_inside_the_tiles(client):
    layers = [{"id": "as-built", "fields": {}}]
    TilesetFactory(source="communes", archive=MadeUpArchive(vector_layers=layers))

    [source] = client.get("/map/").context["config"]["sources"]

    assert source["layer"] == "as-built"


def test_the_map_opens_on_the_bounds_of_all_that_it_draws(client):
    TilesetFactory(source="communes", archive=MadeUpArchive(bounds=Bounds(1, 48, 3, 49)))
    TilesetFactory(source="reseaux-de-chaleur", archive=MadeUpArchive(bounds=Bounds(2, 47, 4, 48)))

    assert client.get("/map/").context["config"]["bounds"] == Bounds(1, 47, 4, 49)


def test_boxes_one_inside_the_other_are_held_by_the_outer_one():
    outer = Bounds(-5, 41, 9, 51)

    assert around([Bounds(2, 48, 3, 49), outer]) == outer


def test_a_name_of_a_source_is_text_and_not_markup(client, register):
    TilesetFactory(source=register(label="<script>alert(1)</script>").id)

    assert "<script>alert" not in text(client)


def test_without_tiles_the_page_says_how_to_build_them(client):
    page = text(client)

    assert "python manage.py load_networks" in page
    assert "POST http://testserver/api/tiles/communes/build/" in page
    assert "python manage.py run_jobs" in page
    assert "<script" not in page


def test_without_tiles_the_public_is_not_told_of_private_sources(client, register):
    register(id="secret", private=True)

    assert "secret" not in text(client)


@pytest.mark.parametrize("built", [[], ["communes"]], ids=["empty", "built"])
def test_nothing_comes_from_another_site(client, built):
    for source in built:
        TilesetFactory(source=source)

    addresses = re.findall(r"(?:https?:)?//[\w.-]+", text(client))

    assert set(addresses) <= {"http://testserver"}


def test_no_script_or_style_is_written_into_the_page(client):
    TilesetFactory(source="communes")

    page = text(client)

    # The one without an address is data, which no policy forbids.
    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts == [
        '<script id="config" type="application/json">',
        '<script type="module" src="/static/tiles/map.mjs">',
    ]
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []


@pytest.mark.parametrize(
    "file",
    [
        "tiles/map.mjs",
        "maplibre/maplibre-gl.mjs",
        "maplibre/maplibre-gl-worker.mjs",
    ],
)
def test_scripts_are_served_as_what_a_browser_runs(client, file):
    response = client.get(f"/static/{file}")

    list(response)  # read to the end, so that the file is closed
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/javascript")


def test_the_public_costs_one_query(client, django_assert_num_queries):
    TilesetFactory(source="communes")
    TilesetFactory(source="reseaux-de-chaleur")

    with django_assert_num_queries(1):
        client.get("/map/")


def test_who_asks_is_looked_up_only_where_there_is_something_to_hide(
    administrator, register, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(tile_sources, "_sources", {COMMUNES.id: COMMUNES})
    TilesetFactory(source="communes")

    with django_assert_num_queries(1):
        administrator.get("/map/")

    register(id="secret", private=True)
    with django_assert_num_queries(3):  # the session, the user, the tiles
        administrator.get("/map/")


def test_the_page_can_only_be_read(client):
    assert client.post("/map/").status_code == 405
