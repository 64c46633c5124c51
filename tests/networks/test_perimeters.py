"""has_pdp follows the perimeters."""

import pytest

from networks.kinds import DEVELOPMENT_PERIMETERS, HEAT_NETWORKS
from networks.loading import load
from networks.models import HeatNetwork
from networks.requests import request_update
from networks.updates import apply_updates
from tests.networks.factories import DevelopmentPerimeterFactory, HeatNetworkFactory, square
from tests.networks.files import SQUARE, feature, geojson, network

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_installed")]


@pytest.fixture
def heat():
    return HeatNetworkFactory(sncu="0301C", has_pdp=False)


def has_pdp(heat) -> bool:
    heat.refresh_from_db()
    return bool(heat.has_pdp)


def perimeters(tmp_path, **properties):
    return load(
        geojson(tmp_path, feature(SQUARE, {"id_fcu": 1, **properties})), DEVELOPMENT_PERIMETERS
    )


def test_a_perimeter_with_its_number_gives_a_network_one(tmp_path, heat):
    perimeters(tmp_path, sncu="0301C")

    assert has_pdp(heat)
    assert heat.pdp_changed_at is not None


def test_so_does_a_perimeter_with_its_id(tmp_path, heat):
    perimeters(tmp_path, reseau_de_chaleur_ids=[heat.id_fcu])

    assert has_pdp(heat)


def test_a_perimeter_of_another_network_does_not(tmp_path, heat):
    perimeters(tmp_path, sncu="0302C", reseau_de_chaleur_ids=[heat.id_fcu + 1])

    assert not has_pdp(heat)
    assert heat.pdp_changed_at is None


def test_the_date_stays_while_nothing_changes(tmp_path, heat):
    perimeters(tmp_path, sncu="0301C")
    heat.refresh_from_db()
    before = heat.pdp_changed_at

    perimeters(tmp_path, sncu="0301C", nom="Autre nom")

    heat.refresh_from_db()
    assert heat.pdp_changed_at == before


def test_a_network_that_comes_after_its_perimeter_has_it(tmp_path):
    DevelopmentPerimeterFactory(sncu="0301C")

    load(geojson(tmp_path, network(id="0301C")), HEAT_NETWORKS)

    assert HeatNetwork.objects.get().has_pdp


def test_a_created_perimeter_gives_a_network_one(heat):
    request_update(
        "development-perimeters", "create", geometry=square(), attributes={"sncu": "0301C"}
    )

    apply_updates()

    assert has_pdp(heat)


def test_d_5_4_a_network_loses_it_when_its_perimeter_is_given_to_another(tmp_path, heat):
    perimeters(tmp_path, sncu="0301C")

    perimeters(tmp_path, sncu="0302C")

    assert not has_pdp(heat)


def test_d_5_4_a_network_loses_it_when_its_perimeter_is_deleted(heat):
    perimeter = DevelopmentPerimeterFactory(sncu="0301C")
    HeatNetwork.objects.update(has_pdp=True)
    request_update("development-perimeters", "delete", target=perimeter.pk)

    apply_updates()

    assert not has_pdp(heat)
    assert heat.pdp_changed_at is not None


def test_a_network_keeps_it_as_long_as_one_perimeter_names_it(heat):
    gone, _ = DevelopmentPerimeterFactory.create_batch(2, sncu="0301C")
    HeatNetwork.objects.update(has_pdp=True)
    request_update("development-perimeters", "delete", target=gone.pk)

    apply_updates()

    assert has_pdp(heat)
