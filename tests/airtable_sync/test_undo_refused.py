"""What is not undone: what has changed since, and what changed nothing."""

import re

import pytest

from airtable_sync.errors import NotUndoable, OfAnotherBase, PlanIsStale
from airtable_sync.models import SyncPlan
from airtable_sync.undoing import undo
from networks.models import HeatNetwork
from tests.airtable_sync.syncing import cells, change, push
from tests.airtable_sync.undoing import moved, state, taken_over, undone
from tests.airtable_sync.worlds import heat_on_both_sides
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heat(standin) -> HeatNetwork:
    return heat_on_both_sides()


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


def test_a_plan_that_is_being_undone_is_not_undone_twice(standin, heat):
    plan = SyncPlan.objects.get(pk=moved(heat))
    undo(plan, by=None)

    with pytest.raises(NotUndoable) as refused:
        undo(plan, by=None)

    assert str(refused.value) == (
        f"Plan {plan.pk} (reseaux-de-chaleur to Airtable) is being undone already; "
        "only what was applied, wholly or in part, can be undone."
    )


def test_it_may_be_tried_again_once_the_job_that_undid_it_has_ended(standin, heat):
    plan = SyncPlan.objects.get(pk=moved(heat))
    undo(plan, by=None).cancel()

    undone(plan.pk)

    assert cells(standin)[heat.pk]["communes"] == "Moulins"


def test_a_plan_of_another_base_is_left_to_that_one(standin, heat, settings):
    plan = SyncPlan.objects.get(pk=moved(heat))
    settings.AIRTABLE |= {"base": "appAnother0000001"}

    with pytest.raises(OfAnotherBase) as refused:
        undo(plan, by=None)

    assert str(refused.value) == (
        f"Plan {plan.pk} (reseaux-de-chaleur to Airtable) is of the base {standin.base}; "
        "AIRTABLE_BASE is appAnother0000001. Make another."
    )


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
