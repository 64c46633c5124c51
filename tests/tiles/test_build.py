"""A build that goes well."""

import json
import subprocess

import pytest

from tests.networks.factories import CommuneFactory, HeatNetworkFactory
from tests.tiles.factories import tiles_of
from tiles.address import TileAddress
from tiles.errors import Overtaken
from tiles.models import Tile, Tileset, TilesetPointer
from tiles.tippecanoe import packaged

pytestmark = pytest.mark.django_db


def served(source):
    return TilesetPointer.objects.get(pk=source).tileset


def features_in(tileset, address, folder):
    """What tippecanoe's own decoder finds in a tile: layer → features."""
    file = folder / "tile.pbf"
    file.write_bytes(tiles_of(tileset)[address])
    decoder = packaged().with_name("tippecanoe-decode")
    decoded = subprocess.check_output([decoder, file, *map(str, address)])
    return {
        layer["properties"]["layer"]: layer["features"] for layer in json.loads(decoded)["features"]
    }


def test_the_result_says_what_was_read_and_made(build, register):
    register()

    result = build("points")

    tiles = tiles_of(served("points"))
    assert (result.features, result.min_zoom, result.max_zoom) == (10, 5, 7)
    assert result.tiles == len(tiles) > 0
    assert result.bytes == sum(map(len, tiles.values()))


def test_tiles_are_gzipped(build, register):
    register()

    build("points")

    assert all(data.startswith(b"\x1f\x8b") for data in tiles_of(served("points")).values())


def test_each_feature_is_in_the_layer_with_its_id_and_properties(build, tmp_path):
    commune = CommuneFactory(insee="03001", name="Bourg-en-Forêt")

    build("communes")

    # 3.05° east, 46.55° north.
    layers = features_in(served("communes"), TileAddress(8, 130, 90), tmp_path)
    (feature,) = layers["layer"]
    assert feature["id"] == commune.pk
    assert feature["properties"] == {"code": "03001", "nom": "Bourg-en-Forêt"}


def test_networks_carry_the_names_that_front_ends_know(build, tmp_path):
    network = HeatNetworkFactory(
        sncu="0301C", name="Centre", manager="Chaleur SA", owner="Ville", is_classified=True,
        taux_enrr=50.5, contenu_co2=0.0625, contenu_co2_acv=0.125, livraisons_totale_mwh=900.5,
        nb_pdl=40, pm=84.25, annee_creation=1987, production_totale_mwh=1_000, prod_mwh_pac=250,
    )  # fmt: skip
    HeatNetworkFactory(sncu="0302C", without_trace=True)

    assert build("reseaux-de-chaleur").features == 1

    layers = features_in(served("reseaux-de-chaleur"), TileAddress(5, 16, 11), tmp_path)
    (feature,) = layers["layer"]
    assert feature["id"] == network.id_fcu
    assert feature["properties"] == {
        "id_fcu": network.id_fcu,
        "Identifiant reseau": "0301C",
        "nom_reseau": "Centre",
        "Gestionnaire": "Chaleur SA",
        "MO": "Ville",
        "reseaux classes": True,
        "Taux EnR&R": 50.5,
        "contenu CO2": 0.0625,
        "contenu CO2 ACV": 0.125,
        "livraisons_totale_MWh": 900.5,
        "nb_pdl": 40,
        "PM": 84.25,
        "annee_creation": 1987,
        "energie_ratio_pompeAChaleur": 0.25,
        "ouvert_aux_raccordements": True,
        "has_trace": True,
    }


def test_what_is_not_known_is_not_in_the_tile(build, tmp_path):
    HeatNetworkFactory(name="", manager="", taux_enrr=None)

    build("reseaux-de-chaleur")

    layers = features_in(served("reseaux-de-chaleur"), TileAddress(5, 16, 11), tmp_path)
    assert set(layers["layer"][0]["properties"]) == {
        "id_fcu",
        "Identifiant reseau",
        "reseaux classes",
        "ouvert_aux_raccordements",
        "has_trace",
    }


def test_progress_tells_what_is_read_and_what_tippecanoe_says(build, register):
    register()

    build("points")

    assert build.progress[0] == {"done": 0, "total": 100, "message": "10 features read"}
    assert build.progress[-1] == {"done": 100, "total": 100, "message": "storing tiles"}


def test_the_same_content_gives_the_same_tiles(build, register):
    register()

    build("points")
    first = tiles_of(served("points"))
    build("points")

    assert tiles_of(served("points")) == first


def test_the_version_before_is_kept_and_older_ones_are_not(build, register):
    register()

    for _ in range(3):
        build("points")

    assert [tileset.version for tileset in Tileset.objects.order_by("version")] == [2, 3]
    assert served("points").version == 3
    assert set(Tile.objects.values_list("tileset__version", flat=True)) == {2, 3}


def test_other_sources_are_left_alone(build, register):
    register(id="points")
    register(id="others")
    build("others")

    for _ in range(3):
        build("points")

    assert served("others").version == 1


def test_nothing_stays_in_the_temporary_folder(build, register, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    register()

    build("points")

    assert list(tmp_path.iterdir()) == []


def test_a_build_does_not_replace_one_that_was_begun_later(build, register):
    def overtaken():
        """Reading takes so long that another build begins and ends meanwhile."""
        quick = register()
        build("points")
        return quick.features()

    register(features=overtaken)

    with pytest.raises(Overtaken) as refused:
        build("points")

    assert str(refused.value) == (
        "points: version 2, which was begun later, is served already; version 1 was dropped."
    )
    assert [tileset.version for tileset in Tileset.objects.all()] == [2]
