"""What `load` reads: every format, every coordinate system, the same places."""

import zipfile

import pytest
import shapely
from shapely.geometry import Point

from networks.kinds import COMMUNES, HEAT_NETWORKS
from networks.loading import load
from networks.models import Commune, HeatNetwork
from tests.networks.files import DATA, commune, geojson, geopackage

pytestmark = pytest.mark.django_db

FORMATS = ["communes-idf.geojson", "communes-idf.gpkg", "communes-idf.fgb", "communes-idf-2154.zip"]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_1276_communes(name):
    report = load(DATA / name, COMMUNES)

    assert (report.created, report.rejected) == (1276, [])
    paris = Commune.objects.get(insee="75056")
    assert paris.name == "Paris"
    # Notre-Dame.
    assert paris.geometry.contains(Point(652_300, 6_861_700))


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_same_communes(name):
    load(DATA / "communes-idf.geojson", COMMUNES)

    report = load(DATA / name, COMMUNES)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 1276)


def test_a_zip_may_contain_a_folder(tmp_path):
    file = tmp_path / "with a folder.zip"
    with (
        zipfile.ZipFile(DATA / "communes-idf-2154.zip") as flat,
        zipfile.ZipFile(file, "w") as deep,
    ):
        for name in flat.namelist():
            deep.writestr(f"données 2018/{name}", flat.read(name))
            deep.writestr(f"__MACOSX/données 2018/._{name}", b"")

    assert load(file, COMMUNES).created == 1276


def test_heat_networks_are_loaded_with_what_is_known_of_them():
    report = load(DATA / "heat-networks-idf.geojson", HEAT_NETWORKS)

    assert (report.created, report.rejected) == (7, [])
    suresnes = HeatNetwork.objects.get(sncu="9222C")
    assert (suresnes.name, suresnes.manager) == ("Réseau de Suresnes", "SOCLIS (Dalkia)")
    assert suresnes.taux_enrr == 12.4
    assert suresnes.url == "https://france-chaleur-urbaine.beta.gouv.fr/reseaux/9222C"
    assert HeatNetwork.objects.get(sncu="7501C").taux_enrr is None


def test_lines_of_no_length_are_left_out():
    load(DATA / "heat-networks-idf.geojson", HEAT_NETWORKS)

    for network in HeatNetwork.objects.all():
        assert network.geometry.is_valid
        assert all(part.length > 0 for part in network.geometry.geoms)


def test_any_coordinate_system_is_converted(tmp_path):
    # 333,958.47 m of Web Mercator is 3° east, where Lambert-93 counts 700 km.
    mercator = shapely.box(333_958.47, 5_860_000, 345_000, 5_870_000)

    load(geopackage(tmp_path / "mercator.gpkg", mercator, crs="EPSG:3857"), COMMUNES)

    assert Commune.objects.get().geometry.bounds[0] == pytest.approx(700_000, abs=0.01)


def test_the_origin_of_lambert_93_is_where_it_should_be(tmp_path):
    load(geojson(tmp_path, commune()), COMMUNES)

    assert Point(700_000, 6_600_000) == shapely.get_point(
        Commune.objects.get().geometry.geoms[0].exterior, 0
    )


def test_heights_are_dropped(tmp_path):
    ring = [[x, y, 120.5] for x, y in [[3.0, 46.5], [3.1, 46.5], [3.1, 46.6], [3.0, 46.5]]]

    load(geojson(tmp_path, commune({"type": "Polygon", "coordinates": [ring]})), COMMUNES)

    assert not Commune.objects.get().geometry.has_z
