"""Undoing a plan: what it changed is put back, and stays so until its owner changes it again."""

from uuid import uuid4

import pytest

from airtable_sync.models import SyncPlan
from airtable_sync.tables import TABLES
from airtable_sync.undoing import undo
from jobs.models import Job
from networks.models import HeatNetwork
from tests.airtable_sync.moments import Crash, at_request, crash
from tests.airtable_sync.syncing import FUTURE, HEAT, cells, change, lines, pull, push
from tests.airtable_sync.undoing import moved, run, state, taken_over, undone
from tests.airtable_sync.worlds import heat_on_both_sides, here, rows, there
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heat(standin) -> HeatNetwork:
    return heat_on_both_sides()


def remove_record(standin) -> None:
    """The only one there is."""
    table = standin.table(TABLES[HEAT].title)
    (record,) = table.records
    table.remove(record["id"])


def test_cells_that_were_sent_are_put_back(standin, heat):
    done = undone(moved(heat))

    assert (done.applied, done.changed) == (True, 1)
    assert lines(done.plan_id) == [("change", heat.pk, {"communes": ["Yzeure", "Moulins"]})]
    assert cells(standin)[heat.pk]["communes"] == "Moulins"


def test_records_that_were_created_are_deleted(standin):
    HeatNetworkFactory()

    done = undone(push().plan_id)

    assert (done.applied, done.deleted) == (True, 1)
    assert cells(standin) == {}


def test_records_that_were_deleted_are_created_again_with_all_they_had(standin, heat):
    before = cells(standin)
    heat.delete()
    plan = push(dry_run=True).plan_id
    push(plan_id=plan, also=["orphans"])
    assert cells(standin) == {}

    done = undone(plan)

    assert (done.applied, done.created) == (True, 1)
    assert cells(standin) == before


def test_metadata_that_were_taken_are_put_back(standin, heat):
    done = undone(taken_over(standin, heat))

    heat.refresh_from_db()
    assert (done.applied, done.changed) == (True, 1)
    assert heat.manager == "Chaleur SA"
    assert cells(standin)[heat.pk]["Gestionnaire"] == "Engie"


def test_what_was_undone_is_not_sent_again(standin, heat):
    undone(moved(heat))

    done = push()

    assert (done.changed, done.held) == (0, 1)
    assert lines(done.plan_id) == [("held", heat.pk, {"communes": ["Moulins", "Yzeure"]})]
    assert cells(standin)[heat.pk]["communes"] == "Moulins"


def test_it_is_sent_once_it_has_changed_again(standin, heat):
    undone(moved(heat))
    heat.communes = ["Avermes"]
    heat.save()

    push()

    assert cells(standin)[heat.pk]["communes"] == "Avermes"


def test_what_was_undone_is_not_taken_again(standin, heat):
    undone(taken_over(standin, heat))

    done = pull()

    heat.refresh_from_db()
    assert (done.changed, done.held, heat.manager) == (0, 1, "Chaleur SA")


def test_it_is_taken_once_it_has_changed_again(standin, heat):
    undone(taken_over(standin, heat))
    change(standin, heat.pk, {"Gestionnaire": "Dalkia"})

    pull()

    heat.refresh_from_db()
    assert heat.manager == "Dalkia"


def test_then_it_is_taken_even_if_it_changes_back(standin, heat):
    undone(taken_over(standin, heat))
    for manager in ("Dalkia", "Engie"):
        change(standin, heat.pk, {"Gestionnaire": manager})
        pull()

    heat.refresh_from_db()
    assert heat.manager == "Engie"


def test_what_is_held_back_is_taken_on_demand(standin, heat):
    undone(taken_over(standin, heat))
    plan = pull(dry_run=True).plan_id

    pull(plan_id=plan, also=["held"])

    heat.refresh_from_db()
    assert heat.manager == "Engie"
    assert pull().held == 0


@pytest.mark.parametrize("sync", [push, pull])
def test_what_is_held_back_is_written_together_with_conflicts_and_changes(standin, heat, sync):
    undone(moved(heat))
    undone(taken_over(standin, heat))
    # In each direction one is held back, one in conflict and one changed.
    HeatNetwork.objects.update(departement="Ours", region="Ours", owner="Ours")
    change(standin, heat.pk, {"departement": "Theirs", "MO": "Theirs", "vapeur": "Theirs"})
    plan = sync(dry_run=True).plan_id

    done = sync(plan_id=plan, also=["held", "conflicts"])

    heat.refresh_from_db()
    record = cells(standin)[heat.pk]
    assert (done.changed, done.held, done.conflicts) == (1, 0, 0)
    if sync is push:
        assert (record["communes"], record["departement"], record["region"]) == (
            "Yzeure",
            "Ours",
            "Ours",
        )
    else:
        assert (heat.manager, heat.owner, heat.vapeur) == ("Engie", "Theirs", "Theirs")


def test_a_record_whose_creation_was_undone_is_not_created_again(standin):
    HeatNetworkFactory()
    undone(push().plan_id)

    done = push()

    assert (done.created, done.held) == (0, 1)
    assert cells(standin) == {}


def test_nor_after_a_crash_in_the_request_that_deleted_it(standin, monkeypatch):
    rows([1])
    plan = SyncPlan.objects.get(pk=push(FUTURE).plan_id)
    job = undo(plan, by=None)
    # The first request reads, the second one deletes.
    at_request(monkeypatch, 2, crash, answered=True)
    with pytest.raises(Crash):
        run(job, plan)
    run(job, plan)

    done = push(FUTURE)

    assert (done.created, done.held) == (0, 1)


def test_it_is_created_on_demand(standin):
    heat = HeatNetworkFactory()
    undone(push().plan_id)
    plan = push(dry_run=True).plan_id

    push(plan_id=plan, also=["held"])

    assert list(cells(standin)) == [heat.pk]
    # From then on as any other.
    remove_record(standin)
    assert (push().held, list(cells(standin))) == (0, [heat.pk])


def test_metadata_are_put_back_though_their_record_has_gone(standin, heat):
    plan = taken_over(standin, heat)
    remove_record(standin)

    undone(plan)

    heat.refresh_from_db()
    assert heat.manager == "Chaleur SA"


def test_only_what_was_applied_of_an_interrupted_plan_is_undone(standin, monkeypatch):
    rows(range(1, 26))
    at_request(monkeypatch, 3, crash)
    with pytest.raises(Crash):
        push(FUTURE, id=uuid4())
    interrupted = SyncPlan.objects.get().pk
    push(FUTURE)
    assert state(interrupted) == SyncPlan.State.INTERRUPTED

    done = undone(interrupted)

    assert done.deleted == 10
    assert there(standin) == {number: row for number, row in here().items() if number > 10}


def test_a_plan_that_was_undone_is_marked_and_names_what_undid_it(standin, heat):
    plan = moved(heat)

    done = undone(plan)

    assert state(plan) == SyncPlan.State.UNDONE
    assert state(done.plan_id) == SyncPlan.State.APPLIED
    assert SyncPlan.objects.get(pk=done.plan_id).undoes_id == plan


def test_addresses_are_looked_at_again_after_an_undo_that_matters(standin, heat):
    change(standin, heat.pk, {"ouvert_aux_raccordements": False})
    plan = pull().plan_id
    Job.objects.all().delete()

    undone(plan)

    followed = Job.objects.exclude(type="sync_metadata_from_airtable")
    assert [job.type for job in followed.order_by("pk")] == [
        "build_tiles",
        "pro_eligibility_test_notify_changes",
    ]
