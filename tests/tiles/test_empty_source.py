"""Sources that may be empty, and sources whose former tiles must not stay."""

import pytest

from tests.networks.factories import (
    ColdNetworkFactory,
    DevelopmentPerimeterFactory,
    NetworkUnderConstructionFactory,
)
from tests.tiles.conftest import point
from tests.tiles.factories import TilesetFactory
from tiles.errors import EmptySource, Overtaken
from tiles.handlers import TilesBuilt
from tiles.models import Tile, Tileset, TilesetPointer
from tiles.sources import tile_sources

pytestmark = pytest.mark.django_db

NOTHING = TilesBuilt(features=0, tiles=0, bytes=0, min_zoom=0, max_zoom=0)


@pytest.fixture
def emptied(build, register):
    """A source that was served until its last feature went."""
    register(may_be_empty=True)
    build("points")
    register(may_be_empty=True, features=list)


def test_a_source_that_may_be_empty_is_built_without_features(build, emptied):
    assert build("points") == NOTHING


def test_nothing_of_an_empty_source_is_served_any_more(client, build, emptied):
    assert client.get("/tiles/points.json").status_code == 200

    build("points")

    assert client.get("/tiles/points.json").status_code == 404
    assert not TilesetPointer.objects.built().exists()


def test_an_empty_source_keeps_no_tiles(build, emptied):
    build("points")

    assert not Tileset.objects.exists()
    assert not Tile.objects.exists()


def test_other_sources_keep_theirs(build, emptied):
    TilesetFactory(source="others")

    build("points")

    assert [tileset.source for tileset in Tileset.objects.all()] == ["others"]


def test_a_source_that_was_never_built_may_be_empty(build, register):
    register(may_be_empty=True, features=list)

    assert build("points") == NOTHING


def test_a_source_is_served_again_once_it_has_features(client, build, register, emptied):
    build("points")
    register(may_be_empty=True)

    build("points")

    assert client.get("/tiles/points.json").json()["version"] == "3.0.0"


def test_a_build_begun_before_the_source_was_emptied_does_not_bring_it_back(build, register):
    def overtaken():
        register(may_be_empty=True, features=list)
        build("points")
        return [point(1)]

    register(may_be_empty=True, features=overtaken)

    with pytest.raises(Overtaken):
        build("points")

    assert not Tileset.objects.exists()


def test_an_empty_build_does_not_withdraw_one_that_was_begun_later(build, register):
    def overtaken():
        register(may_be_empty=True)
        build("points")
        return []

    register(may_be_empty=True, features=overtaken)

    with pytest.raises(Overtaken):
        build("points")

    assert TilesetPointer.objects.get().tileset.version == 2


def test_any_other_empty_source_is_an_error(build, register):
    register(features=list)

    with pytest.raises(EmptySource):
        build("points")


def test_of_the_networks_those_that_are_rare_may_be_empty():
    assert {source.id for source in tile_sources if source.may_be_empty} >= {
        "perimetres-de-developpement-prioritaire",
        "reseaux-de-froid",
        "reseaux-en-construction",
    }
    assert not tile_sources["communes"].may_be_empty
    assert not tile_sources["reseaux-de-chaleur"].may_be_empty


def test_the_tiles_served_before_go_where_they_must(build, register):
    register(keeps_former=False)

    for _ in range(2):
        build("points")

    assert [tileset.version for tileset in Tileset.objects.all()] == [2]
    assert set(Tile.objects.values_list("tileset__version", flat=True)) == {2}


def test_all_tiles_served_before_go_once_they_must(build, register):
    register()
    for _ in range(2):
        build("points")
    register(keeps_former=False)

    build("points")

    assert [tileset.version for tileset in Tileset.objects.all()] == [3]


@pytest.mark.parametrize(
    ("source", "make"),
    [
        ("reseaux-de-froid", ColdNetworkFactory),
        ("reseaux-en-construction", NetworkUnderConstructionFactory),
        ("perimetres-de-developpement-prioritaire", DevelopmentPerimeterFactory),
    ],
)
def test_only_what_has_a_geometry_is_on_the_map(source, make):
    make(geometry=None)
    drawn = make()

    assert [feature.id for feature in tile_sources[source].features()] == [drawn.pk]


def test_a_cold_network_carries_the_names_that_front_ends_know():
    network = ColdNetworkFactory(
        sncu="0301F", owner="Ville", contenu_co2_acv=0.01, livraisons_totale_mwh=900.5, nb_pdl=40
    )

    (feature,) = tile_sources["reseaux-de-froid"].features()

    assert feature.properties == {
        "id_fcu": network.id_fcu,
        "Identifiant reseau": "0301F",
        "nom_reseau": "Réseau de froid du Centre",
        "Gestionnaire": "Fraîcheur SA",
        "MO": "Ville",
        "reseaux classes": False,
        "Taux EnR&R": 40.5,
        "contenu CO2 ACV": 0.01,
        "livraisons_totale_MWh": 900.5,
        "nb_pdl": 40,
        "has_trace": True,
    }


def test_a_network_under_construction_says_whether_it_is_a_zone():
    NetworkUnderConstructionFactory(id_fcu=1, owner="Ville")
    NetworkUnderConstructionFactory(id_fcu=2, zone=True, open_to_connections=False)

    trace, zone = tile_sources["reseaux-en-construction"].features()

    assert trace.properties == {
        "id_fcu": 1,
        "nom_reseau": "Réseau de demain",
        "gestionnaire": "Chaleur SA",
        "MO": "Ville",
        "mise_en_service": "2027",
        "is_zone": False,
        "ouvert_aux_raccordements": True,
    }
    assert zone.properties["is_zone"]
    assert not zone.properties["ouvert_aux_raccordements"]


def test_a_perimeter_names_its_network():
    perimeter = DevelopmentPerimeterFactory(sncu="0301C")

    (feature,) = tile_sources["perimetres-de-developpement-prioritaire"].features()

    assert feature.properties == {"id_fcu": perimeter.id_fcu, "Identifiant reseau": "0301C"}
