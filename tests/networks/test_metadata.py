"""What Airtable owns of a network, as a row and in a file; all made up."""

import pytest
from django.core.exceptions import ValidationError

from networks.kinds import COLD_NETWORKS, HEAT_NETWORKS, NETWORKS_UNDER_CONSTRUCTION
from networks.loading import Rejected, load
from networks.models import ColdNetwork, HeatNetwork
from tests.networks.factories import HeatNetworkFactory
from tests.networks.files import LINE, feature, geojson, network

pytestmark = pytest.mark.django_db

# What follows from geometries, and what no file of geometries can hold.
NOT_IN_FILES = {
    *("geometry", "geometry_changed_at", "length_m", "communes", "departement", "region"),
    *("has_pdp", "pdp_changed_at", "files"),
}


def refusals(**values) -> dict[str, list[str]]:
    """What is said of a network with these values, by field."""
    try:
        HeatNetworkFactory.build(**values).clean_fields(exclude=["geometry"])
    except ValidationError as error:
        return error.message_dict
    return {}


def test_what_is_not_known_of_a_network_is_null_or_blank():
    heat = HeatNetwork.objects.create(sncu="0301C")

    heat.refresh_from_db()
    assert (heat.prod_mwh_gaz_naturel, heat.nb_pdl, heat.pm) == (None, None, None)
    assert (heat.owner, heat.further_information, heat.files) == ("", "", [])
    assert (heat.is_classified, heat.is_technical) == (False, False)


@pytest.mark.parametrize("field", ["taux_enrr", "pv_percent", "pf_percent"])
def test_a_part_of_a_whole_is_at_most_100_percent(field):
    assert refusals(**{field: 100}) == {}
    assert refusals(**{field: 100.5}) == {
        field: ["Ensure this value is less than or equal to 100."]
    }


@pytest.mark.parametrize("field", ["rend_percent", "dev_reseau_percent"])
def test_yield_and_growth_may_be_more_than_100_percent(field):
    assert refusals(**{field: 104.5}) == {}


@pytest.mark.parametrize("field", ["pm", "longueur_reseau", "nb_pdl", "puissance_mw_uiom"])
def test_no_figure_is_negative(field):
    assert refusals(**{field: -1}) == {field: ["Ensure this value is greater than or equal to 0."]}


def test_the_website_may_be_written_as_people_write_it():
    assert refusals(manager_website="www.example.fr, puis « contact »") == {}


def test_a_file_is_kept_without_its_address():
    file = {"id": "att1", "filename": "plan.pdf", "size": 1_024, "type": "application/pdf"}

    assert refusals(files=[file]) == {}
    assert refusals(files=[file | {"url": "https://example.fr/plan.pdf"}]) == {
        "files": [
            "{'id': 'att1', 'filename': 'plan.pdf', 'size': 1024, 'type': 'application/pdf', "
            "'url': 'https://example.fr/plan.pdf'} is not a file of filename, id, size, type "
            "and no more."
        ]
    }


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ("plan.pdf", "'plan.pdf' is not a list of files."),
        (["plan.pdf"], "'plan.pdf' is not a file of filename, id, size, type and no more."),
    ],
)
def test_files_are_a_list_of_what_is_known_of_each(files, reason):
    assert refusals(files=files) == {"files": [reason]}


@pytest.mark.parametrize("kind", [HEAT_NETWORKS, COLD_NETWORKS, NETWORKS_UNDER_CONSTRUCTION])
def test_a_file_may_have_all_that_does_not_follow_from_geometries(kind):
    fields = {field.name for field in kind.model._meta.fields}

    assert set(kind.columns) == fields - NOT_IN_FILES


def test_columns_of_a_file_may_have_the_names_of_airtable(tmp_path):
    properties = {
        "Identifiant reseau": "0301C",
        "MO": "Ville",
        "reseaux classes": True,
        "PV%": 60,
        "nb_pdl": 40,
        "livraisons_totale_MWh": 900.5,
        "prod_MWh_chaleur_industiel": 12.5,
        "puissance_MW_GPL": 3,
    }

    load(geojson(tmp_path, feature(LINE, properties)), HEAT_NETWORKS)

    heat = HeatNetwork.objects.get()
    assert (heat.owner, heat.is_classified, heat.pv_percent, heat.nb_pdl) == ("Ville", True, 60, 40)
    assert (heat.livraisons_totale_mwh, heat.prod_mwh_chaleur_industrielle) == (900.5, 12.5)
    assert heat.puissance_mw_gpl == 3


def test_columns_of_a_file_may_have_the_names_of_fields(tmp_path):
    row = network(id="0301F", owner="Ville", is_classified="oui", livraisons_totale_mwh=900.5)

    load(geojson(tmp_path, row), COLD_NETWORKS)

    cold = ColdNetwork.objects.get()
    assert (cold.owner, cold.is_classified, cold.livraisons_totale_mwh) == ("Ville", True, 900.5)


def test_a_number_of_customers_is_whole(tmp_path):
    report = load(geojson(tmp_path, network(nb_pdl=40.5)), HEAT_NETWORKS)

    assert report.rejected == [Rejected(1, "nb_pdl: 40.5 is not a whole number")]
