"""The pages of communes and networks: quick, and only to look at."""

import pytest
from django.contrib.admin.utils import flatten_fieldsets
from django.test import Client

from tests.factories import UserFactory
from tests.networks.factories import (
    ColdNetworkFactory,
    CommuneFactory,
    DevelopmentPerimeterFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
)


@pytest.fixture
def client(db) -> Client:
    client = Client()
    client.force_login(UserFactory(staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize(
    ("page", "make"),
    [
        ("networks/commune", CommuneFactory),
        ("networks/heatnetwork", HeatNetworkFactory),
        ("networks/coldnetwork", ColdNetworkFactory),
        ("networks/networkunderconstruction", NetworkUnderConstructionFactory),
        ("networks/developmentperimeter", DevelopmentPerimeterFactory),
    ],
)
def test_a_list_takes_few_queries_and_reads_no_geometry(
    client, django_assert_max_num_queries, page, make
):
    make.create_batch(20)

    with django_assert_max_num_queries(8) as queries:
        response = client.get(f"/admin/{page}/")

    assert response.status_code == 200
    assert not [
        query["sql"]
        for query in queries
        if '"geometry",' in query["sql"] or '"geometry" FROM' in query["sql"]
    ]


def test_a_network_is_found_by_its_number(client):
    HeatNetworkFactory(sncu="9209C")
    HeatNetworkFactory(sncu="9222C")

    response = client.get("/admin/networks/heatnetwork/", {"q": "9209"})

    assert [network.sncu for network in response.context["cl"].result_list] == ["9209C"]


def test_a_commune_is_found_by_its_name(client):
    CommuneFactory(name="Chaville")
    CommuneFactory(name="Suresnes")

    response = client.get("/admin/networks/commune/", {"q": "chav"})

    assert [commune.name for commune in response.context["cl"].result_list] == ["Chaville"]


def test_the_list_shows_which_networks_have_a_trace(client):
    HeatNetworkFactory(sncu="0001C")
    HeatNetworkFactory(sncu="0002C", without_trace=True)

    response = client.get("/admin/networks/heatnetwork/")

    assert [network.trace for network in response.context["cl"].result_list] == [True, False]


def test_a_network_cannot_be_changed(client):
    network = HeatNetworkFactory()
    page = f"/admin/networks/heatnetwork/{network.pk}/change/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "Autre"}).status_code == 403
    assert client.get("/admin/networks/heatnetwork/add/").status_code == 403


@pytest.mark.parametrize(
    "make", [HeatNetworkFactory, ColdNetworkFactory, NetworkUnderConstructionFactory]
)
def test_all_that_is_known_of_a_network_is_on_its_page(client, make):
    network = make()
    known = {field.name for field in network._meta.fields} - {"geometry"}

    page = client.get(f"/admin/networks/{network._meta.model_name}/{network.pk}/change/")

    shown = flatten_fieldsets(page.context["adminform"].fieldsets)
    assert sorted(shown) == sorted({*known, "has_trace"})


@pytest.mark.parametrize(
    "make", [ColdNetworkFactory, NetworkUnderConstructionFactory, DevelopmentPerimeterFactory]
)
def test_the_other_kinds_can_be_looked_at_and_not_be_changed(client, make):
    row = make()
    page = f"/admin/networks/{row._meta.model_name}/{row.pk}/change/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "Autre"}).status_code == 403
