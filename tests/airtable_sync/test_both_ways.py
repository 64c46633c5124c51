"""The two syncs, when nothing is wrong."""

import pytest

from airtable_sync.models import SyncPlan
from networks.models import HeatNetwork
from tests.airtable_sync.syncing import HEAT, cells, change, lines, pull, push
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heat() -> HeatNetwork:
    return HeatNetworkFactory(
        sncu="0301C", communes=["Moulins", "Yzeure"], departement="Allier", region="Auvergne"
    )


def test_a_network_that_airtable_lacks_is_created_with_all_that_is_known_of_it(standin, heat):
    done = push()

    assert (done.applied, done.created) == (True, 1)
    assert cells(standin) == {
        heat.pk: {
            "id_fcu": heat.pk,
            "communes": "Moulins,Yzeure",
            "departement": "Allier",
            "region": "Auvergne",
            "has_trace": True,
            "Identifiant reseau": "0301C",
            "nom_reseau": "Réseau du Centre",
            "Gestionnaire": "Chaleur SA",
            "Taux EnR&R": 50.5,
            "ouvert_aux_raccordements": True,
        }
    }


def test_only_the_columns_that_differ_are_sent(standin, heat):
    push()
    heat.communes = ["Moulins"]
    heat.save()

    done = push()

    assert lines(done.plan_id) == [("change", heat.pk, {"communes": ["Moulins,Yzeure", "Moulins"]})]
    assert cells(standin)[heat.pk]["communes"] == "Moulins"


def test_where_nothing_changed_nothing_is_written(standin, heat):
    push()
    pull()
    before = standin.counters.writes

    there, here = push(), pull()

    assert standin.counters.writes == before
    assert (there.changed, here.changed) == (0, 0)


def test_metadata_that_changed_in_airtable_are_taken(standin, heat):
    push()
    change(standin, heat.pk, {"Gestionnaire": "Engie", "Taux EnR&R": 70, "annee_creation": 1999})

    done = pull()

    heat.refresh_from_db()
    assert (heat.manager, heat.taux_enrr, heat.annee_creation) == ("Engie", 70, 1999)
    assert lines(done.plan_id) == [
        (
            "change",
            heat.pk,
            {
                "Taux EnR&R": [50.5, 70],
                "Gestionnaire": ["Chaleur SA", "Engie"],
                "annee_creation": [None, 1999],
            },
        )
    ]


def test_a_dry_run_makes_a_plan_and_writes_nothing(standin, heat):
    done = push(dry_run=True)

    assert (done.applied, done.created) == (False, 1)
    assert cells(standin) == {}
    assert SyncPlan.objects.get().state == SyncPlan.State.PLANNED


def test_a_plan_is_applied_as_it_was_looked_at(standin, heat):
    plan = push(dry_run=True).plan_id

    done = push(plan_id=plan)

    assert (done.plan_id, done.applied) == (plan, True)
    assert list(cells(standin)) == [heat.pk]
    assert SyncPlan.objects.get().name == HEAT
