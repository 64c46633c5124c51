"""What `load` says it did with each row."""

import pytest

from networks.kinds import COMMUNES, HEAT_NETWORKS
from networks.loading import Rejected, load
from networks.models import Commune, HeatNetwork
from tests.networks.factories import HeatNetworkFactory
from tests.networks.files import LINE, RING, SQUARE, commune, geojson, network

pytestmark = pytest.mark.django_db

POINT = {"type": "Point", "coordinates": [3.0, 46.5]}
BOW_TIE = [[3.0, 46.5], [3.1, 46.6], [3.1, 46.5], [3.0, 46.6], [3.0, 46.5]]
SWAPPED = [[y, x] for x, y in RING]


def test_rows_are_created_updated_or_left_as_they_are(tmp_path):
    load(geojson(tmp_path, commune(code="03001"), commune(code="03002")), COMMUNES)

    changed = commune(code="03002", nom="Ville")
    report = load(
        geojson(tmp_path, commune(code="03001"), changed, commune(code="03003")), COMMUNES
    )

    assert (report.unchanged, report.updated, report.created) == (1, 1, 1)
    assert Commune.objects.get(insee="03002").name == "Ville"


def test_a_moved_geometry_is_an_update(tmp_path):
    load(geojson(tmp_path, network()), HEAT_NETWORKS)

    moved = {"type": "LineString", "coordinates": [[3.0, 46.5], [3.0, 46.7]]}
    report = load(geojson(tmp_path, network(moved)), HEAT_NETWORKS)

    assert (report.updated, report.unchanged) == (1, 0)


def test_rows_that_are_not_in_the_file_are_kept(tmp_path):
    load(geojson(tmp_path, commune(code="03001")), COMMUNES)
    load(geojson(tmp_path, commune(code="03002")), COMMUNES)

    assert Commune.objects.count() == 2


def test_a_column_that_is_not_in_the_file_is_kept(tmp_path):
    HeatNetworkFactory(sncu="0301C", manager="Chaleur SA")

    load(geojson(tmp_path, network(nom="Autre nom")), HEAT_NETWORKS)

    loaded = HeatNetwork.objects.get()
    assert (loaded.name, loaded.manager) == ("Autre nom", "Chaleur SA")


def test_an_update_keeps_the_number_of_a_network(tmp_path):
    known = HeatNetworkFactory(sncu="0301C")

    load(geojson(tmp_path, network(nom="Autre nom")), HEAT_NETWORKS)

    assert HeatNetwork.objects.get().id_fcu == known.id_fcu


def test_a_network_may_be_without_a_trace(tmp_path):
    report = load(geojson(tmp_path, network(None)), HEAT_NETWORKS)

    assert report.created == 1
    assert HeatNetwork.objects.get().geometry is None


def test_an_invalid_area_is_repaired(tmp_path):
    crossed = commune({"type": "Polygon", "coordinates": [BOW_TIE]})

    report = load(geojson(tmp_path, crossed), COMMUNES)

    assert report.rejected == []
    assert Commune.objects.get().geometry.is_valid


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (commune(code=None), "no identifier in the column code"),
        (commune(code=" "), "no identifier in the column code"),
        (commune(code="1001"), "insee: '1001' is not an INSEE code such as 75056 or 2A004"),
        (commune(nom="x" * 201), "name: Ensure this value has at most 200 characters (it has 201)"),
        (commune(None), "no geometry, or one that cannot be decoded"),
        (
            commune({"type": "Polygon", "coordinates": []}),
            "no geometry, or one that cannot be decoded",
        ),
        (commune(POINT), "it is a Point; expected Polygon or MultiPolygon"),
        (commune(LINE), "it is a LineString; expected Polygon or MultiPolygon"),
        (
            commune({"type": "Polygon", "coordinates": [SWAPPED]}),
            "it is not in metropolitan France; "
            "are latitude and longitude swapped, or the coordinate system wrong?",
        ),
        (
            commune({"type": "Polygon", "coordinates": [[[3.0, 46.5], [3.1, 46.5], [3.0, 46.5]]]}),
            "it cannot be repaired: Too few points in geometry component[700000 6600000]",
        ),
        (commune(code="03001"), "identifier 03001 is that of row 1 too"),
    ],
)
def test_a_commune_that_does_not_fit_is_left_out_with_the_reason(tmp_path, feature, reason):
    file = geojson(tmp_path, commune(code="03001"), feature, commune(code="03003"))

    report = load(file, COMMUNES)

    assert report.rejected == [Rejected(2, reason)]
    assert list(Commune.objects.values_list("insee", flat=True)) == ["03001", "03003"]


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (
            network(id="0301F"),
            "sncu: '0301F' is not the SNCU number of a heat network, such as 9209C",
        ),
        (network(SQUARE), "it is a Polygon; expected LineString or MultiLineString"),
        (network(taux_enrr=101), "taux_enrr: Ensure this value is less than or equal to 100"),
        (network(url="reseaux/1"), "url: Enter a valid URL"),
    ],
)
def test_a_network_that_does_not_fit_is_left_out_with_the_reason(tmp_path, feature, reason):
    report = load(geojson(tmp_path, feature), HEAT_NETWORKS)

    assert report.rejected == [Rejected(1, reason)]
    assert not HeatNetwork.objects.exists()


def test_each_batch_counts_its_rows_from_where_the_last_one_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("networks.reading.ROWS_AT_ONCE", 2)
    features = [commune(code=f"0300{n}") for n in (1, 2, 3, 1)]

    report = load(geojson(tmp_path, *features), COMMUNES)

    assert report.created == 3
    assert report.rejected == [Rejected(4, "identifier 03001 is that of row 1 too")]
