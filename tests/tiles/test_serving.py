"""How tiles are sent."""

import gzip

import pytest
from django.test import Client
from django.utils.http import http_date

from tests.tiles.factories import NORTH_WEST, MadeUpArchive, TilesetFactory, packed
from tiles.models import TilesetPointer

pytestmark = pytest.mark.django_db

TILE, EMPTY = "/tiles/communes/1/0/0.pbf", "/tiles/communes/1/0/1.pbf"
DATA = MadeUpArchive().content[NORTH_WEST]


@pytest.fixture
def tileset():
    return TilesetFactory()


def test_a_tile_is_sent_as_it_is_stored(client, tileset):
    response = client.get(TILE, headers={"Accept-Encoding": "gzip, br"})

    assert response.status_code == 200
    assert response.content == DATA
    assert response["Content-Encoding"] == "gzip"
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "accepted", ["identity", "br", "gzip;q=0", "*;q=0", "gzip; q=0.000, *", ""]
)
def test_a_tile_is_unpacked_for_a_client_that_takes_no_gzip(client, tileset, accepted):
    response = client.get(TILE, headers={"Accept-Encoding": accepted})

    assert response.content == gzip.decompress(DATA)
    assert "Content-Encoding" not in response
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["GZIP", "x-gzip", "*", "br;q=1.0, gzip;q=0.5"])
def test_a_tile_stays_packed_for_a_client_that_takes_gzip(client, tileset, accepted):
    response = client.get(TILE, headers={"Accept-Encoding": accepted})

    assert response["Content-Encoding"] == "gzip"


def test_a_client_that_says_nothing_of_encodings_takes_gzip(client, tileset):
    assert client.get(TILE)["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("accepted", ["text/html", "application/json", "image/*"])
def test_a_tile_is_sent_whatever_media_type_is_preferred(client, tileset, accepted):
    assert client.get(TILE, headers={"Accept": accepted}).status_code == 200


def test_a_client_that_has_the_tile_is_told_so(client, tileset):
    etag = client.get(TILE)["ETag"]

    response = client.get(TILE, headers={"If-None-Match": f'"other", {etag}'})

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == etag
    assert response["Cache-Control"] == "public, max-age=86400"
    assert response["Vary"] == "Accept-Encoding"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_the_etag_is_strong_and_each_encoding_has_its_own(client, tileset):
    packed = client.get(TILE)["ETag"]
    plain = client.get(TILE, headers={"Accept-Encoding": "identity"})["ETag"]

    assert packed != plain
    assert not packed.startswith("W/")


def test_a_rebuild_that_changes_nothing_keeps_the_etag(client, tileset):
    before = client.get(TILE)["ETag"]

    TilesetFactory()

    assert client.get(TILE)["ETag"] == before


def test_a_rebuild_that_changes_one_tile_changes_its_etag_alone(client, tileset):
    root = "/tiles/communes/0/0/0.pbf"
    before = client.get(root)["ETag"], client.get(TILE)["ETag"]
    archive = MadeUpArchive()
    archive.content[NORTH_WEST] = packed(b"changed")

    TilesetFactory(archive=archive)

    assert client.get(root)["ETag"] == before[0]
    assert client.get(TILE)["ETag"] != before[1]


def test_a_date_alone_never_keeps_a_client_on_old_tiles(client, tileset):
    date = client.get(TILE)["Last-Modified"]

    assert client.get(TILE, headers={"If-Modified-Since": date}).status_code == 200


def test_tiles_say_since_when_they_are_served(client, tileset):
    switched_at = TilesetPointer.objects.get().switched_at

    assert client.get(TILE)["Last-Modified"] == http_date(switched_at.timestamp())


def test_where_the_map_is_empty_there_is_no_content(client, tileset):
    response = client.get(EMPTY)

    assert (response.status_code, response.content) == (204, b"")
    assert response["Cache-Control"] == "public, max-age=86400"
    assert "Last-Modified" in response
    assert "Content-Type" not in response


def test_a_tile_beside_the_bounds_is_sent_if_there_is_one(client):
    beside = MadeUpArchive(bounds=(10, 10, 20, 20))
    TilesetFactory(archive=beside)

    assert client.get(TILE).status_code == 200


def test_tiles_that_change_often_are_cached_for_two_hours(client):
    TilesetFactory(source="reseaux-de-chaleur")

    response = client.get("/tiles/reseaux-de-chaleur/1/0/0.pbf")

    assert response["Cache-Control"] == "public, max-age=7200"


def test_a_map_on_any_site_may_show_the_tiles(client, tileset):
    for path in (TILE, EMPTY, "/tiles/communes.json", "/tiles/rivers.json"):
        assert client.get(path)["Access-Control-Allow-Origin"] == "*"


def test_head_gives_the_headers_alone(client, tileset):
    response = client.head(TILE)

    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"] == client.get(TILE)["ETag"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", [TILE, "/tiles/communes.json"])
def test_other_methods_are_refused(client, tileset, method, path):
    response = getattr(client, method)(path)

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", [TILE, EMPTY, "/tiles/communes.json"])
def test_a_request_takes_one_query(client, tileset, django_assert_num_queries, path):
    with django_assert_num_queries(1):
        client.get(path)


def test_nobody_is_asked_who_they_are(tileset, admin_user, django_assert_num_queries):
    client = Client()
    client.force_login(admin_user)

    with django_assert_num_queries(1):
        response = client.get(TILE)

    assert response["Vary"] == "Accept-Encoding"
