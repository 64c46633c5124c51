"""The description of what is served."""

import pytest

from tests.tiles.factories import TilesetFactory

pytestmark = pytest.mark.django_db

PATH = "/tiles/communes.json"


def test_it_is_tilejson_3(client):
    TilesetFactory()
    TilesetFactory()

    response = client.get(PATH)

    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "tilejson": "3.0.0",
        "name": "Communes",
        "version": "2.0.0",
        "attribution": "IGN Admin Express, Licence Ouverte",
        "scheme": "xyz",
        "tiles": ["http://testserver/tiles/communes/{z}/{x}/{y}.pbf"],
        "minzoom": 0,
        "maxzoom": 1,
        "bounds": [-180, -85, -1, 85],
        "center": [-90.5, 0, 0],
        "vector_layers": [{"id": "layer", "fields": {"name": "String"}}],
    }


def test_its_address_of_tiles_leads_to_tiles(client):
    TilesetFactory()

    (template,) = client.get(PATH).json()["tiles"]

    assert client.get(template.format(z=1, x=0, y=0)).status_code == 200


def test_a_real_build_says_what_its_layer_holds(client, build, register):
    register(layer="places")
    build("points")

    (layer,) = client.get("/tiles/points.json").json()["vector_layers"]

    assert (layer["id"], layer["fields"]) == ("places", {"name": "String"})
    assert (layer["minzoom"], layer["maxzoom"]) == (5, 7)


def test_a_client_that_knows_it_is_told_so(client):
    TilesetFactory()
    etag = client.get(PATH)["ETag"]

    assert client.get(PATH, headers={"If-None-Match": etag}).status_code == 304


def test_a_new_version_has_another_etag(client):
    TilesetFactory()
    before = client.get(PATH)["ETag"]
    TilesetFactory()

    assert client.get(PATH)["ETag"] != before
