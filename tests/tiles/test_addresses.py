"""Addresses that lead to no tile, each with its answer."""

import pytest

from tests.tiles.factories import TilesetFactory
from tiles.address import Bounds, TileAddress
from tiles.sources import tile_sources

NOT_NUMBERS = "The address of a tile is three whole numbers z/x/y; given "
OUTSIDE_THE_WORLD = (
    "Tile {} is outside the world: zooms go from 0 to 30, "
    "x and y from 0 to 2 to the power of the zoom, less 1."
)


def problem(response):
    assert response["Content-Type"] == "application/problem+json"
    content = response.json()
    assert content["status"] == response.status_code
    return response.status_code, content["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        (
            "a/0/0",
            400,
            "The address of a tile is three whole numbers z/x/y; given z='a', x='0', y='0'.",
        ),
        (
            "1/1.5/0",
            400,
            "The address of a tile is three whole numbers z/x/y; given z='1', x='1.5', y='0'.",
        ),
        (
            "1/0/1e3",
            400,
            "The address of a tile is three whole numbers z/x/y; given z='1', x='0', y='1e3'.",
        ),
        (
            "1/+1/0",
            400,
            "The address of a tile is three whole numbers z/x/y; given z='1', x='+1', y='0'.",
        ),
        (
            "1/1_0/0",
            400,
            "The address of a tile is three whole numbers z/x/y; given z='1', x='1_0', y='0'.",
        ),
        (
            "1/١/0",
            400,
            "The address of a tile is three whole numbers z/x/y; given z='1', x='١', y='0'.",
        ),
        ("2/0/0", 404, "Tile 2/0/0 is outside the zooms of communes: 0 to 1."),
        ("1/-1/0", 404, OUTSIDE_THE_WORLD.format("1/-1/0")),
        ("1/2/0", 404, OUTSIDE_THE_WORLD.format("1/2/0")),
        ("1/0/2", 404, OUTSIDE_THE_WORLD.format("1/0/2")),
        ("-1/0/0", 404, OUTSIDE_THE_WORLD.format("-1/0/0")),
        ("31/0/0", 404, OUTSIDE_THE_WORLD.format("31/0/0")),
        ("30/1073741823/0", 404, "Tile 30/1073741823/0 is outside the zooms of communes: 0 to 1."),
        (f"{10**19}/0/0", 404, OUTSIDE_THE_WORLD.format(f"{10**19}/0/0")),
        ("1/1/0", 404, "Tile 1/1/0 is outside the bounds of communes: -180, -85, -1, 85."),
    ],
)
def test_an_address_without_a_tile(client, address, status, detail):
    TilesetFactory()

    assert problem(client.get(f"/tiles/communes/{address}.pbf")) == (status, detail)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/tiles/rivers.json", "/tiles/rivers/0/0/0.pbf"])
def test_an_unknown_source_is_answered_with_the_known_ones(client, path):
    assert problem(client.get(path)) == (
        404,
        f"No tile source 'rivers'. There are: {', '.join(tile_sources.names())}.",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/tiles/communes.json", "/tiles/communes/0/0/0.pbf"])
def test_a_source_that_was_never_built_is_no_empty_map(client, path):
    assert problem(client.get(path)) == (
        404,
        "The tiles of communes have not been built yet; "
        "an administrator can POST /api/tiles/communes/build/.",
    )


@pytest.mark.parametrize(
    ("address", "exists"),
    [
        (TileAddress(0, 0, 0), True),
        (TileAddress(0, 1, 0), False),
        (TileAddress(14, 16383, 16383), True),
        (TileAddress(14, 16384, 0), False),
        (TileAddress(14, 0, -1), False),
        (TileAddress(10**19, 0, 0), False),
    ],
)
def test_which_addresses_exist(address, exists):
    assert address.exists() is exists


@pytest.mark.parametrize(
    ("address", "touches"),
    [
        # Paris lies in tile 10/518/352: 2.1° to 2.5° east, 48.7° to 48.9° north.
        (TileAddress(10, 518, 352), True),
        (TileAddress(10, 517, 352), False),
        (TileAddress(10, 519, 352), False),
        (TileAddress(10, 518, 351), False),
        (TileAddress(10, 518, 353), False),
        (TileAddress(0, 0, 0), True),
    ],
)
def test_which_tiles_touch_the_middle_of_paris(address, touches):
    assert address.touches(Bounds(2.34, 48.85, 2.36, 48.86)) is touches
