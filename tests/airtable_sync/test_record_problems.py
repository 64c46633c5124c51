"""Records that cannot be told to be those of one network: reported, neither read nor written."""

import pytest

from airtable_sync.models import SyncPlan
from airtable_sync.tables import TABLES
from networks.models import HeatNetwork
from standins.airtable import Table
from tests.airtable_sync.moments import at_request
from tests.airtable_sync.problems import reported
from tests.airtable_sync.syncing import HEAT, cells, change, pull, push, record_id
from tests.airtable_sync.worlds import heat_on_both_sides
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db

FORMULA_ERROR = {"error": "#ERROR!"}


@pytest.fixture
def table(standin) -> Table:
    return standin.table(TABLES[HEAT].title)


@pytest.fixture
def heat(standin) -> HeatNetwork:
    return heat_on_both_sides()


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (None, "the number is missing"),
        (0, "0 is no number of a network"),
        (-5, "-5 is no number of a network"),
        (2**31, "2147483648 is no number of a network"),
        (1e21, "1000000000000000000000 is no number of a network"),
        (1.5, "1.5 is no whole number"),
        ("12", "'12' is no number"),
        ("douze", "'douze' is no number"),
        ("12\0", r"'12\x00' is no number"),
        (True, "True is no number"),
        (FORMULA_ERROR, "the error #ERROR! of a formula is no number"),
    ],
)
@pytest.mark.parametrize("sync", [push, pull])
def test_a_record_is_reported_that_has_no_number_of_a_network(
    standin, table, heat, number, reason, sync
):
    record = table.add({"id_fcu": number, "nom_reseau": "Réseau du Sud"})
    HeatNetwork.objects.update(communes=["Yzeure"])
    change(standin, heat.pk, {"Gestionnaire": "Engie"})

    done = sync()

    assert reported(done.plan_id) == [(record, None, {"id_fcu": reason})]
    label = SyncPlan.objects.get(pk=done.plan_id).changes.get(action="problem").label
    assert label == "Réseau du Sud"
    assert len(table.records) == 2
    # The others are synced all the same.
    assert done.changed == 1


@pytest.mark.parametrize("sync", [push, pull])
def test_records_of_one_number_are_reported_and_none_of_them_is_used(standin, table, heat, sync):
    twin = table.add({"id_fcu": heat.pk, "Gestionnaire": "Dalkia", "communes": "Paris"})
    HeatNetwork.objects.update(region="Bourbonnais")
    before = cells(standin)[heat.pk]

    done = sync()

    reason = {"id_fcu": f"2 records have the number {heat.pk}"}
    assert sorted(reported(done.plan_id)) == sorted(
        [(record_id(standin, heat.pk), heat.pk, reason), (twin, heat.pk, reason)]
    )
    assert cells(standin)[heat.pk] == before
    heat.refresh_from_db()
    assert heat.manager == "Chaleur SA"


def test_nor_is_a_third_one_made_at_the_first_sync(standin, table):
    heat = HeatNetworkFactory()
    for _ in range(2):
        table.add({"id_fcu": heat.pk})

    done = push()

    assert (done.problems, done.created) == (2, 0)
    assert len(table.records) == 2


@pytest.mark.parametrize("sync", [push, pull])
def test_a_record_whose_number_became_another_is_not_taken_for_that_one(standin, table, heat, sync):
    change(standin, heat.pk, {"id_fcu": 9_999})
    HeatNetworkFactory(id_fcu=9_999, sncu="0399C", name="Réseau du Sud", communes=["Paris"])
    record = record_id(standin, 9_999)

    done = sync()

    reason = f"its number was {heat.pk} at the last sync"
    assert reported(done.plan_id) == [(record, 9_999, {"id_fcu": reason})]
    assert cells(standin)[9_999]["communes"] == "Moulins"
    assert HeatNetwork.objects.get(pk=9_999).name == "Réseau du Sud"
    # Neither is another record made for the one that has lost its own.
    assert len(table.records) == 1


def test_it_is_told_by_the_record_that_a_network_had_last(standin, table, heat):
    table.remove(record_id(standin, heat.pk))
    push()
    change(standin, heat.pk, {"id_fcu": 9_999})

    done = push()

    assert (done.created, done.problems, len(table.records)) == (0, 1, 1)


@pytest.mark.parametrize("number", [None, "12"])
def test_no_second_record_is_made_for_a_network_whose_record_lost_its_number(
    standin, table, heat, number
):
    change(standin, heat.pk, {"id_fcu": number})

    done = push()

    assert (done.created, done.problems) == (0, 1)
    assert len(table.records) == 1


def test_nor_is_one_made_when_it_loses_its_number_just_before_it_is_written(
    standin, table, heat, monkeypatch
):
    HeatNetwork.objects.update(communes=["Yzeure"])
    # The first request reads, the second one writes.
    at_request(monkeypatch, 2, lambda: change(standin, heat.pk, {"id_fcu": None}))

    push()

    assert [record["fields"]["communes"] for record in table.records] == ["Yzeure"]
