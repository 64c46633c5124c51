"""A plan is applied as it was looked at, once, and by one job at a time."""

from datetime import timedelta

import pytest

from airtable_sync.errors import NotApplicable, StillApplying, UnknownPlan
from airtable_sync.models import SyncPlan
from airtable_sync.payload import TYPES, Direction
from jobs.models import Job
from networks.models import HeatNetwork, Revision
from tests.airtable_sync.moments import Crash, at_request, crash
from tests.airtable_sync.syncing import COLD, FUTURE, HEAT, cells, change, lines, pull, push, sync
from tests.airtable_sync.worlds import heat_on_both_sides, here, rows, there
from tests.factories import JobFactory, UserFactory

pytestmark = pytest.mark.django_db

TO, FROM = Direction.TO_AIRTABLE, Direction.FROM_AIRTABLE
BOTH = pytest.mark.parametrize("direction", [TO, FROM])
State = SyncPlan.State


@pytest.fixture
def heat(standin) -> HeatNetwork:
    """In each direction something is to be written."""
    heat = heat_on_both_sides()
    HeatNetwork.objects.update(communes=["Yzeure"])
    change(standin, heat.pk, {"Gestionnaire": "Engie"})
    return heat


def found(standin, heat: HeatNetwork) -> tuple[str, str]:
    """Its communes in Airtable, and its manager here."""
    heat.refresh_from_db()
    return cells(standin)[heat.pk]["communes"], heat.manager


WRITTEN = {TO: ("Yzeure", "Chaleur SA"), FROM: ("Moulins", "Engie")}
PAIRS = {TO: {"communes": ["Moulins", "Yzeure"]}, FROM: {"Gestionnaire": ["Chaleur SA", "Engie"]}}


@BOTH
def test_a_dry_run_writes_nothing_and_keeps_what_it_would_write(standin, heat, direction):
    writes, revision = standin.counters.writes, Revision.current()

    done = sync(direction, dry_run=True)

    assert (done.applied, done.changed) == (False, 1)
    assert lines(done.plan_id) == [("change", heat.pk, PAIRS[direction])]
    assert found(standin, heat) == ("Moulins", "Chaleur SA")
    assert (standin.counters.writes, Revision.current()) == (writes, revision)
    assert not Job.objects.exists()


@BOTH
def test_a_plan_writes_what_it_holds(standin, heat, direction):
    plan = sync(direction, dry_run=True).plan_id

    done = sync(direction, plan_id=plan)

    assert (done.plan_id, done.applied, done.changed) == (plan, True, 1)
    assert found(standin, heat) == WRITTEN[direction]


@BOTH
def test_it_writes_no_more_though_there_is_more_by_now(standin, heat, direction):
    plan = sync(direction, dry_run=True).plan_id
    HeatNetwork.objects.update(region="Bourbonnais")
    change(standin, heat.pk, {"MO": "Ville de Moulins"})

    sync(direction, plan_id=plan)

    heat.refresh_from_db()
    assert (cells(standin)[heat.pk]["region"], heat.owner) == ("Auvergne", "")


@BOTH
def test_who_made_it_and_who_applied_it_is_known(heat, direction):
    anna, bruno = UserFactory(), UserFactory()
    plan = sync(direction, dry_run=True, user=anna).plan_id

    sync(direction, plan_id=plan, user=bruno)

    plan = SyncPlan.objects.get(pk=plan)
    assert (plan.made_by, plan.applied_by) == (anna, bruno)
    assert timedelta(0) <= plan.applied_at - plan.made_at


@BOTH
def test_it_is_applied_once(heat, direction):
    plan = sync(direction, dry_run=True).plan_id
    sync(direction, plan_id=plan)

    with pytest.raises(NotApplicable) as refused:
        sync(direction, plan_id=plan)

    way = {TO: "to Airtable", FROM: "from Airtable"}[direction]
    assert str(refused.value) == (
        f"Plan {plan} (reseaux-de-chaleur {way}) is applied; "
        "only a plan that waits can be applied. Make another."
    )


@BOTH
def test_it_is_applied_once_though_two_jobs_ask_for_it_at_once(heat, monkeypatch, direction):
    plan = sync(direction, dry_run=True).plan_id
    first = UserFactory()
    # The other one is at its records already.
    at_request(monkeypatch, 1, lambda: sync(direction, plan_id=plan, user=first))

    with pytest.raises(NotApplicable):
        sync(direction, plan_id=plan)

    assert SyncPlan.objects.get(pk=plan).applied_by == first


@pytest.mark.parametrize(
    ("name", "direction", "said"),
    [(COLD, TO, "reseaux-de-froid to Airtable"), (HEAT, FROM, "reseaux-de-chaleur from Airtable")],
)
def test_it_is_of_one_table_and_one_direction(standin, heat, name, direction, said):
    plan = push(dry_run=True).plan_id

    with pytest.raises(UnknownPlan) as refused:
        sync(direction, name, plan_id=plan)

    assert str(refused.value) == (
        f"There is no plan {plan} of {said}. The admin lists the plans of every table."
    )
    assert found(standin, heat) == ("Moulins", "Chaleur SA")


@BOTH
def test_it_is_of_one_base(heat, settings, direction):
    plan = sync(direction, dry_run=True).plan_id
    settings.AIRTABLE |= {"base": "appAnother0000001"}

    with pytest.raises(UnknownPlan):
        sync(direction, plan_id=plan)


@BOTH
def test_a_plan_that_never_was_is_refused(standin, direction):
    with pytest.raises(UnknownPlan):
        sync(direction, plan_id=999_999)


# Two jobs at once on one table.


@pytest.fixture
def other(standin, monkeypatch) -> Job:
    """A job that was killed with 15 of 25 records still to be sent, and is to go on."""
    job = JobFactory(type=TYPES[TO], data={"name": FUTURE}, processing=True)
    rows(range(1, 26))
    with monkeypatch.context() as patch:
        at_request(patch, 3, crash)
        with pytest.raises(Crash):
            push(FUTURE, id=job.pk)
    return job


def test_while_a_job_writes_a_table_others_wait(standin, other):
    plan = SyncPlan.objects.get().pk

    with pytest.raises(StillApplying) as refused:
        push(FUTURE)

    assert str(refused.value) == (
        f"Plan {plan} (reseaux-en-construction to Airtable) is being applied; "
        "this one is tried again when it has ended."
    )
    assert len(there(standin)) == 10


def test_a_job_that_is_to_be_tried_again_is_waited_for_too(standin, other):
    Job.objects.update(status=Job.Status.PENDING, worker=None)

    with pytest.raises(StillApplying):
        push(FUTURE)


def test_one_that_waited_keeps_no_plan(standin, other):
    with pytest.raises(StillApplying):
        push(FUTURE)

    assert SyncPlan.objects.count() == 1


@BOTH
def test_other_tables_and_the_other_direction_do_not_wait(heat, other, direction):
    assert sync(direction).applied
    assert pull(FUTURE).applied


def test_what_a_job_left_that_has_ended_is_taken_over(standin, other):
    other.delete()

    done = push(FUTURE)

    assert (done.applied, done.created) == (True, 15)
    assert [plan.state for plan in SyncPlan.objects.order_by("pk")] == [
        State.INTERRUPTED,
        State.APPLIED,
    ]
    assert there(standin) == here()
