"""What follows from a geometry: communes, département, région and length."""

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from networks.crossing import Communes, compute_crossings
from networks.kinds import COMMUNES, DEVELOPMENT_PERIMETERS, HEAT_NETWORKS
from networks.loading import load
from networks.models import DevelopmentPerimeter, HeatNetwork
from networks.territory import DEPARTEMENTS, REGIONS
from tests.networks.factories import (
    ColdNetworkFactory,
    CommuneFactory,
    DevelopmentPerimeterFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
    X,
    Y,
    line,
    square,
)
from tests.networks.files import DATA, SQUARE, feature, geojson, network

pytestmark = pytest.mark.django_db

MOVED = {"type": "LineString", "coordinates": [[3.01, 46.51], [3.02, 46.51]]}


@pytest.fixture
def neighbours():
    """Two communes of 10 km side by side, in two départements; the border is at X + 10 km."""
    CommuneFactory(insee="03001", name="Bourg")
    CommuneFactory(insee="23002", name="Ville", geometry=square(X + 10_000, side=10_000))


def crossed(geometry) -> list[str]:
    row = HeatNetworkFactory.build(geometry=geometry)
    Communes().fill([row])
    return row.communes_insee


def test_a_network_is_in_the_commune_that_holds_it(neighbours):
    assert crossed(line(X + 1_000, Y + 5_000)) == ["03001"]


def test_a_network_in_two_communes_names_both_in_the_order_of_their_codes(neighbours):
    assert crossed(line(X + 9_000, Y + 5_000, length=2_000)) == ["03001", "23002"]


def test_a_touched_border_does_not_count(neighbours):
    assert crossed(line(X + 9_000, Y + 5_000, length=1_140)) == ["03001"]


def test_beyond_150_metres_it_does(neighbours):
    assert crossed(line(X + 9_000, Y + 5_000, length=1_160)) == ["03001", "23002"]


def test_what_touches_borders_only_is_in_the_communes_it_touches(neighbours):
    assert crossed(line(X + 9_950, Y + 5_000, length=100)) == ["03001", "23002"]


def test_what_is_in_no_commune_has_none(neighbours):
    assert crossed(line(X, Y - 5_000)) == []


def test_without_any_commune_nothing_is_crossed():
    assert crossed(line()) == []


def test_names_departements_and_regions_follow_the_codes(neighbours):
    row = HeatNetworkFactory.build(geometry=line(X + 9_000, Y + 5_000, length=2_000))

    Communes().fill([row])

    assert row.communes == ["Bourg", "Ville"]
    assert row.departement == "Allier, Creuse"
    assert row.region == "Auvergne-Rhône-Alpes, Nouvelle-Aquitaine"


def test_a_region_of_two_departements_is_named_once():
    row = HeatNetworkFactory.build(geometry=None, communes_insee=["75056", "92048"])

    Communes().fill([row])

    assert (row.departement, row.region) == ("Paris, Hauts-de-Seine", "Île-de-France")


@pytest.mark.parametrize(
    ("code", "departement"), [("2A004", "Corse-du-Sud"), ("97411", "La Réunion"), ("99001", "")]
)
def test_departements_of_corsica_and_overseas(code, departement):
    row = HeatNetworkFactory.build(geometry=None, communes_insee=[code])

    Communes().fill([row])

    assert row.departement == departement


def test_there_are_101_departements_in_18_regions():
    assert (len(DEPARTEMENTS), len(REGIONS)) == (101, 18)


def test_the_length_is_in_metres():
    row = HeatNetworkFactory.build(geometry=line(length=1_234.5))

    Communes().fill([row])

    assert row.length_m == 1_234.5


@pytest.mark.parametrize("traits", [{"zone": True}, {"geometry": None}])
def test_what_is_no_line_has_no_length(traits):
    row = NetworkUnderConstructionFactory.build(**traits)

    Communes().fill([row])

    assert row.length_m is None


def test_real_networks_are_in_their_real_communes():
    load(DATA / "communes-idf.fgb", COMMUNES)

    load(DATA / "heat-networks-idf.geojson", HEAT_NETWORKS)

    suresnes = HeatNetwork.objects.get(sncu="9222C")
    assert "Suresnes" in suresnes.communes
    assert (suresnes.departement, suresnes.region) == ("Hauts-de-Seine", "Île-de-France")
    assert suresnes.length_m == pytest.approx(suresnes.geometry.length)


def test_a_load_computes_what_follows(tmp_path, neighbours):
    load(geojson(tmp_path, network()), HEAT_NETWORKS)

    loaded = HeatNetwork.objects.get()
    assert (loaded.communes_insee, loaded.departement) == (["03001"], "Allier")
    assert loaded.geometry_changed_at is not None


def test_a_load_of_perimeters_does_too(tmp_path, neighbours):
    load(geojson(tmp_path, feature(SQUARE, {"id_fcu": 1})), DEVELOPMENT_PERIMETERS)

    assert DevelopmentPerimeter.objects.get().communes == ["Bourg"]


def test_the_date_of_the_geometry_changes_with_the_geometry_alone(tmp_path):
    long_ago = timezone.now().replace(year=2000)
    load(geojson(tmp_path, network()), HEAT_NETWORKS)
    HeatNetwork.objects.update(geometry_changed_at=long_ago)

    load(geojson(tmp_path, network(nom="Autre nom")), HEAT_NETWORKS)
    renamed = HeatNetwork.objects.get().geometry_changed_at
    load(geojson(tmp_path, network(MOVED)), HEAT_NETWORKS)

    assert renamed == long_ago
    assert HeatNetwork.objects.get().geometry_changed_at > long_ago


@pytest.mark.parametrize(
    "given", [["23002", "03001"], "23002,03001", "23002; 03001", "23002 03001"]
)
def test_a_network_without_trace_keeps_the_communes_it_is_given(tmp_path, neighbours, given):
    row = network(None, communes_insee=given)

    load(geojson(tmp_path, row), HEAT_NETWORKS)
    report = load(geojson(tmp_path, row), HEAT_NETWORKS)

    loaded = HeatNetwork.objects.get()
    assert loaded.communes_insee == ["03001", "23002"]
    assert loaded.communes == ["Bourg", "Ville"]
    assert loaded.geometry_changed_at is None
    assert report.unchanged == 1


def test_a_commune_that_is_not_loaded_goes_by_its_code(tmp_path, neighbours):
    load(geojson(tmp_path, network(None, communes_insee="03001 03002")), HEAT_NETWORKS)

    assert HeatNetwork.objects.get().communes == ["Bourg", "03002"]


def test_what_is_no_code_of_a_commune_is_refused(tmp_path):
    report = load(geojson(tmp_path, network(None, communes_insee="Bourg")), HEAT_NETWORKS)

    ((row, reason),) = report.rejected
    assert row == 1
    assert reason.endswith("'Bourg' is not an INSEE code such as 75056 or 2A004")


def test_a_trace_says_better_than_the_file_what_it_crosses(tmp_path, neighbours):
    row = network(communes_insee="23002")

    load(geojson(tmp_path, row), HEAT_NETWORKS)
    report = load(geojson(tmp_path, row), HEAT_NETWORKS)

    assert HeatNetwork.objects.get().communes_insee == ["03001"]
    assert report.unchanged == 1


def test_all_is_computed_again_once_communes_are_loaded(installed, capsys):
    installed()
    makes = (
        HeatNetworkFactory,
        ColdNetworkFactory,
        NetworkUnderConstructionFactory,
        DevelopmentPerimeterFactory,
    )
    rows = [make(geometry=square(side=10) if "Perim" in str(make) else line()) for make in makes]
    CommuneFactory(insee="03001", name="Bourg")

    call_command("compute_crossings")

    for row in rows:
        row.refresh_from_db()
    assert [row.communes for row in rows] == [["Bourg"]] * 4
    assert capsys.readouterr().out == "4 networks and perimeters changed.\n"


def test_to_compute_again_changes_nothing_that_is_right():
    HeatNetworkFactory()
    CommuneFactory()

    assert [compute_crossings().changed for _ in range(2)] == [1, 0]


def test_to_compute_again_keeps_the_communes_of_a_network_without_trace(neighbours):
    HeatNetworkFactory(without_trace=True, communes_insee=["23002"])

    compute_crossings()

    assert HeatNetwork.objects.get().communes == ["Ville"]


def test_to_compute_again_is_no_change_of_geometry(neighbours):
    HeatNetworkFactory()

    compute_crossings()

    assert HeatNetwork.objects.filter(geometry_changed_at=F("geometry_changed_at")).count() == 0
