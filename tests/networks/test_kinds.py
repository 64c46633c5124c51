"""Loading cold networks, networks under construction and perimeters, all made up."""

import pytest

from networks.kinds import (
    COLD_NETWORKS,
    DEVELOPMENT_PERIMETERS,
    HEAT_NETWORKS,
    NETWORKS_UNDER_CONSTRUCTION,
)
from networks.loading import Rejected, load
from networks.models import (
    ColdNetwork,
    DevelopmentPerimeter,
    HeatNetwork,
    NetworkUnderConstruction,
)
from tests.networks.factories import HeatNetworkFactory, NetworkUnderConstructionFactory
from tests.networks.files import LINE, SQUARE, feature, geojson, network

pytestmark = pytest.mark.django_db

MIX = {"type": "GeometryCollection", "geometries": [LINE, SQUARE]}


def project(geometry=LINE, **properties):
    return feature(geometry, {"id_fcu": 7, **properties})


def test_a_cold_network_has_a_number_that_ends_in_f(tmp_path):
    report = load(geojson(tmp_path, network(id="0301F"), network(id="0301C")), COLD_NETWORKS)

    assert ColdNetwork.objects.get().sncu == "0301F"
    assert report.rejected == [
        Rejected(2, "sncu: '0301C' is not the SNCU number of a cold network, such as 7501F")
    ]


def test_columns_may_have_the_names_of_the_original(tmp_path):
    properties = {
        "Identifiant reseau": "0301F",
        "nom_reseau": "Froid",
        "Gestionnaire": "Fraîcheur SA",
        "Taux EnR&R": 12.5,
        "contenu CO2 ACV": 0.011,
        "ouvert_aux_raccordements": False,
    }

    load(geojson(tmp_path, feature(LINE, properties)), COLD_NETWORKS)

    cold = ColdNetwork.objects.get()
    assert (cold.sncu, cold.name, cold.manager) == ("0301F", "Froid", "Fraîcheur SA")
    assert (cold.taux_enrr, cold.contenu_co2_acv) == (12.5, 0.011)
    assert not cold.open_to_connections


def test_a_network_under_construction_is_known_by_its_id_fcu(tmp_path):
    load(
        geojson(
            tmp_path,
            project(nom_reseau="Demain", gestionnaire="Chaleur SA", mise_en_service="été 2027"),
        ),
        NETWORKS_UNDER_CONSTRUCTION,
    )

    report = load(geojson(tmp_path, project(nom_reseau="Demain")), NETWORKS_UNDER_CONSTRUCTION)

    assert report.unchanged == 1
    loaded = NetworkUnderConstruction.objects.get()
    assert (loaded.id_fcu, loaded.name, loaded.manager) == (7, "Demain", "Chaleur SA")
    assert loaded.commissioning == "été 2027"


@pytest.mark.parametrize(("geometry", "is_zone"), [(LINE, False), (SQUARE, True)])
def test_a_network_under_construction_is_a_trace_or_a_zone(tmp_path, geometry, is_zone):
    load(geojson(tmp_path, project(geometry)), NETWORKS_UNDER_CONSTRUCTION)

    assert NetworkUnderConstruction.objects.get().is_zone is is_zone


def test_a_trace_may_become_a_zone(tmp_path):
    load(geojson(tmp_path, project(LINE)), NETWORKS_UNDER_CONSTRUCTION)

    report = load(geojson(tmp_path, project(SQUARE)), NETWORKS_UNDER_CONSTRUCTION)

    assert report.updated == 1
    assert NetworkUnderConstruction.objects.get().is_zone


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            project(MIX),
            "it is a GeometryCollection; "
            "expected LineString or MultiLineString or Polygon or MultiPolygon",
        ),
        (project(None), "no geometry, or one that cannot be decoded"),
        (project(id_fcu=None), "no identifier in the column id_fcu"),
        (project(id_fcu=0), "id_fcu: 0 is not a number from 1 on"),
        (project(id_fcu=7.5), "id_fcu: 7.5 is not a whole number"),
        (project(id_fcu="sept"), "id_fcu: “sept” value must be an integer"),
    ],
)
def test_a_network_under_construction_that_does_not_fit_is_left_out(tmp_path, row, reason):
    report = load(geojson(tmp_path, row), NETWORKS_UNDER_CONSTRUCTION)

    assert report.rejected == [Rejected(1, reason)]
    assert not NetworkUnderConstruction.objects.exists()


def test_a_perimeter_names_its_networks(tmp_path):
    row = project(
        SQUARE,
        **{
            "Identifiant reseau": "0301C",
            "reseau_de_chaleur_ids": [12, 15],
            "reseau_en_construction_ids": "3; 4",
        },
    )

    load(geojson(tmp_path, row), DEVELOPMENT_PERIMETERS)

    perimeter = DevelopmentPerimeter.objects.get()
    assert (perimeter.id_fcu, perimeter.sncu) == (7, "0301C")
    assert perimeter.heat_network_ids == [12, 15]
    assert perimeter.under_construction_ids == [3, 4]


def test_a_perimeter_with_a_network_that_is_no_number_is_left_out(tmp_path):
    row = project(SQUARE, reseau_de_chaleur_ids="12, douze")

    report = load(geojson(tmp_path, row), DEVELOPMENT_PERIMETERS)

    assert report.rejected == [Rejected(1, "heat_network_ids: “douze” value must be an integer")]


@pytest.mark.parametrize("text", ["[12, 15]", "{12,15}", "12 15", " 12;15 "])
def test_formats_without_lists_write_them_as_text(tmp_path, text):
    load(geojson(tmp_path, project(SQUARE, reseau_de_chaleur_ids=text)), DEVELOPMENT_PERIMETERS)

    assert DevelopmentPerimeter.objects.get().heat_network_ids == [12, 15]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        *((value, True) for value in (True, 1, "1", "oui", "OUI", "true", " Oui ")),
        *((value, False) for value in (False, 0, "0", "non", "false", "False")),
    ],
)
def test_yes_and_no_are_written_in_many_ways(tmp_path, given, meant):
    load(geojson(tmp_path, network(ouvert_aux_raccordements=given)), HEAT_NETWORKS)

    assert HeatNetwork.objects.get().open_to_connections is meant


@pytest.mark.parametrize("given", ["peut-être", 2])
def test_what_is_neither_yes_nor_no_is_left_out(tmp_path, given):
    report = load(geojson(tmp_path, network(ouvert_aux_raccordements=given)), HEAT_NETWORKS)

    assert report.rejected == [
        Rejected(
            1,
            f"open_to_connections: {given!r} is neither oui nor non, true nor false, 1 nor 0",
        )
    ]


def test_an_unfit_value_leaves_out_its_row_alone(tmp_path):
    rows = [
        network(ouvert_aux_raccordements="oui"),
        network(id="0302C", ouvert_aux_raccordements="?"),
    ]

    report = load(geojson(tmp_path, *rows), HEAT_NETWORKS)

    assert (report.created, [row for row, _ in report.rejected]) == (1, [2])


def test_a_file_may_give_a_heat_network_its_number(tmp_path):
    load(geojson(tmp_path, network(id_fcu=500)), HEAT_NETWORKS)

    assert HeatNetwork.objects.get().id_fcu == 500


def test_a_later_creation_gets_a_number_beyond_those_of_a_file(tmp_path):
    given = NetworkUnderConstructionFactory().id_fcu + 100

    load(geojson(tmp_path, project(id_fcu=given)), NETWORKS_UNDER_CONSTRUCTION)

    assert NetworkUnderConstructionFactory().id_fcu == given + 1


def test_numbers_never_go_back(tmp_path):
    highest = NetworkUnderConstructionFactory().id_fcu + 1
    load(geojson(tmp_path, project(id_fcu=highest)), NETWORKS_UNDER_CONSTRUCTION)
    NetworkUnderConstruction.objects.all().delete()

    load(geojson(tmp_path, project(id_fcu=highest - 1)), NETWORKS_UNDER_CONSTRUCTION)

    assert NetworkUnderConstructionFactory().id_fcu == highest + 1


def test_rows_without_a_number_get_one_beyond_those_of_their_file(tmp_path):
    first = HeatNetworkFactory(sncu="0300C").id_fcu
    rows = [network(id="0301C", id_fcu=None), network(id="0302C", id_fcu=first + 1)]

    report = load(geojson(tmp_path, *rows), HEAT_NETWORKS)

    assert report.created == 2
    numbers = dict(HeatNetwork.objects.values_list("sncu", "id_fcu"))
    assert (numbers["0302C"], numbers["0301C"]) == (first + 1, first + 2)


def test_a_number_that_is_taken_is_refused(tmp_path):
    HeatNetworkFactory(sncu="0301C", id_fcu=500)

    report = load(geojson(tmp_path, network(id="0302C", id_fcu=500)), HEAT_NETWORKS)

    assert report.rejected == [Rejected(1, "id_fcu: 500 is that of 0301C")]


def test_a_network_does_not_change_its_number(tmp_path):
    HeatNetworkFactory(sncu="0301C", id_fcu=500)

    report = load(geojson(tmp_path, network(id="0301C", id_fcu=501)), HEAT_NETWORKS)

    assert report.rejected == [Rejected(1, "id_fcu: it is 500 here, and 501 in the file")]
