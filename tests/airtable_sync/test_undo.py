"""Undoing a plan: what it changed is put back, and stays so until its owner changes it again."""

import re
from uuid import uuid4

import pytest

from airtable_sync.errors import NotUndoable, PlanIsStale
from airtable_sync.models import SyncPlan
from airtable_sync.payload import Direction, TableSynced
from airtable_sync.tables import TABLES
from airtable_sync.undoing import undo
from jobs.models import Job
from networks.models import HeatNetwork
from tests.airtable_sync.moments import Crash, at_request, crash
from tests.airtable_sync.syncing import FUTURE, HEAT, cells, change, lines, pull, push, sync
from tests.airtable_sync.worlds import heat_on_both_sides, here, rows, there
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heat(standin) -> HeatNetwork:
    return heat_on_both_sides()


def undone(plan_id: int) -> TableSynced:
    """By a job that runs at once."""
    plan = SyncPlan.objects.get(pk=plan_id)
    return run(undo(plan, by=None), plan)


def run(job: Job, plan: SyncPlan) -> TableSynced:
    plan_id = job.data["plan_id"]
    return sync(Direction(plan.direction), plan.name, id=job.pk, plan_id=plan_id)


def state(plan_id: int) -> str:
    return SyncPlan.objects.get(pk=plan_id).state


def moved(heat: HeatNetwork) -> int:
    """The plan by which its communes were sent, Yzeure instead of Moulins."""
    heat.communes = ["Yzeure"]
    heat.save()
    return push().plan_id


def taken_over(standin, heat: HeatNetwork) -> int:
    """The plan by which its manager was taken, Engie instead of Chaleur SA."""
    change(standin, heat.pk, {"Gestionnaire": "Engie"})
    return pull().plan_id


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


def test_what_is_held_back_is_taken_on_demand(standin, heat):
    undone(taken_over(standin, heat))
    plan = pull(dry_run=True).plan_id

    pull(plan_id=plan, also=["held"])

    heat.refresh_from_db()
    assert heat.manager == "Engie"
    assert pull().held == 0


def test_a_record_whose_creation_was_undone_is_not_created_again(standin):
    HeatNetworkFactory()
    undone(push().plan_id)

    done = push()

    assert (done.created, done.held) == (0, 1)
    assert cells(standin) == {}


def test_it_is_created_on_demand(standin):
    heat = HeatNetworkFactory()
    undone(push().plan_id)
    plan = push(dry_run=True).plan_id

    push(plan_id=plan, also=["held"])

    assert list(cells(standin)) == [heat.pk]
    assert push().held == 0


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


def test_a_cell_that_changed_since_stays_as_it_is_and_so_do_the_others(standin, heat):
    other = HeatNetworkFactory(sncu="0302C", communes=["Moulins"])
    push()
    HeatNetwork.objects.update(communes=["Yzeure"])
    plan = push().plan_id
    change(standin, other.pk, {"communes": "Bourbon"})

    with pytest.raises(PlanIsStale, match=re.escape("Réseau du Centre (0302C) has changed in")):
        undone(plan)

    assert cells(standin)[heat.pk]["communes"] == "Yzeure"
    assert cells(standin)[other.pk]["communes"] == "Bourbon"
    assert state(plan) == SyncPlan.State.APPLIED


def test_a_row_that_changed_since_stays_as_it_is(standin, heat):
    plan = taken_over(standin, heat)
    HeatNetwork.objects.update(manager="Idex")

    with pytest.raises(PlanIsStale, match=re.escape("Réseau du Centre (0301C) has changed here")):
        undone(plan)

    heat.refresh_from_db()
    assert heat.manager == "Idex"


def test_a_record_that_was_filled_in_since_is_not_deleted(standin):
    heat = HeatNetworkFactory()
    plan = push().plan_id
    change(standin, heat.pk, {"MO": "Ville de Moulins"})

    with pytest.raises(PlanIsStale):
        undone(plan)

    assert list(cells(standin)) == [heat.pk]


def test_metadata_are_put_back_though_their_record_has_gone(standin, heat):
    plan = taken_over(standin, heat)
    table = standin.table(TABLES[HEAT].title)
    table.remove(table.records[0]["id"])

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


@pytest.fixture
def waiting(standin, heat) -> int:
    HeatNetwork.objects.update(communes=["Yzeure"])
    return push(dry_run=True).plan_id


@pytest.fixture
def already_undone(standin, heat) -> int:
    plan = moved(heat)
    undone(plan)
    return plan


@pytest.fixture
def undo_itself(standin, heat) -> int:
    return undone(moved(heat)).plan_id


@pytest.fixture
def empty(standin, heat) -> int:
    return push().plan_id


@pytest.mark.parametrize(
    ("which", "how"),
    [
        ("waiting", "planned"),
        ("already_undone", "undone"),
        ("undo_itself", "applied"),
        ("empty", "without a change"),
    ],
)
def test_nothing_else_can_be_undone(request, which, how):
    plan = request.getfixturevalue(which)

    with pytest.raises(NotUndoable) as refused:
        undone(plan)

    assert str(refused.value) == (
        f"Plan {plan} (reseaux-de-chaleur to Airtable) is {how}; "
        "only what was applied, wholly or in part, can be undone."
    )
