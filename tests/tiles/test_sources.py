"""The registry of sources."""

import pytest

from tests.tiles.conftest import POINTS
from tiles.errors import AlreadyRegistered, UnknownSource
from tiles.network_sources import COMMUNES, SOURCES
from tiles.sources import TileSource, TileSources, tile_sources


def test_the_sources_of_the_networks_are_there():
    names = {source.id for source in SOURCES}

    assert names == {
        "communes",
        "perimetres-de-developpement-prioritaire",
        "reseaux-de-chaleur",
        "reseaux-de-froid",
        "reseaux-en-construction",
    }
    assert names <= set(tile_sources.names())
    assert tile_sources["communes"] is COMMUNES


def test_an_app_brings_its_own():
    sources = TileSources()

    sources.register(POINTS)

    assert "points" in sources
    assert list(sources) == [POINTS]


def test_an_id_is_not_taken_twice():
    sources = TileSources()
    sources.register(POINTS)

    with pytest.raises(AlreadyRegistered) as refused:
        sources.register(TileSource(id="points", label="Other points", features=list))

    assert str(refused.value) == (
        "Tile source 'points' is registered already, as 'Points'; 'Other points' needs another id."
    )


def test_an_unknown_one_is_refused_with_the_known_ones():
    with pytest.raises(UnknownSource) as refused:
        TileSources()["rivers"]

    assert str(refused.value) == "No tile source 'rivers'. There are: none."


@pytest.mark.parametrize("zooms", [(-1, 5), (6, 5), (5, 23)])
def test_zooms_are_in_order_and_not_too_deep(zooms):
    with pytest.raises(ValueError, match=f"x: zooms are {zooms[0]} to {zooms[1]}; give 0 to 22"):
        TileSource(id="x", label="X", features=list, min_zoom=zooms[0], max_zoom=zooms[1])
