"""A sync that would change more than a part of the rows waits for somebody to look at it."""

import pytest

from airtable_sync.errors import FuseBlown
from airtable_sync.models import SyncPlan
from airtable_sync.payload import TYPES, Direction
from airtable_sync.tables import TABLES
from airtable_sync.undoing import undo
from jobs.registry import job_types
from networks.models import NetworkUnderConstruction
from tests.airtable_sync.syncing import FUTURE, change, pull, push, record_id, sync
from tests.airtable_sync.worlds import here, records, rows, there

pytestmark = pytest.mark.django_db

TO, FROM = Direction.TO_AIRTABLE, Direction.FROM_AIRTABLE
BOTH = pytest.mark.parametrize("direction", [TO, FROM])
# What would be written over by each.
OTHER = {TO: {"communes": "Yzeure"}, FROM: {"gestionnaire": "Engie"}}


@pytest.fixture(autouse=True)
def ten_networks(standin, settings) -> None:
    settings.AIRTABLE |= {"fuse_percent": 20}
    rows(range(1, 11))
    records(standin, range(1, 11))


def edit(standin, direction: Direction, count: int) -> None:
    for number in range(1, count + 1):
        change(standin, number, OTHER[direction], FUTURE)


@BOTH
def test_a_fifth_of_the_rows_changes_by_itself(standin, direction):
    edit(standin, direction, 2)

    assert sync(direction, FUTURE).changed == 2

    assert there(standin) == here()


@BOTH
def test_more_than_that_is_refused_and_nothing_is_written(standin, direction):
    edit(standin, direction, 3)
    before = there(standin), here()

    with pytest.raises(FuseBlown) as blown:
        sync(direction, FUTURE)

    plan = blown.value.plan_id
    assert str(blown.value) == (
        "3 of 10 rows of reseaux-en-construction would change or have lost their counterpart, "
        "more than 20 % (AIRTABLE_FUSE_PERCENT); nothing was written. Look at plan "
        f"{plan} in the admin and apply it there if it is right, or run "
        f"`manage.py sync_airtable --apply {plan}`."
    )
    assert (there(standin), here()) == before


@BOTH
def test_what_was_refused_is_kept_as_a_plan_that_waits(standin, direction):
    edit(standin, direction, 3)

    with pytest.raises(FuseBlown):
        sync(direction, FUTURE)

    plan = SyncPlan.objects.get()
    assert (plan.state, plan.needs_confirmation) == (SyncPlan.State.PLANNED, True)
    assert plan.changes.count() == 3


@BOTH
def test_it_is_applied_once_somebody_has_confirmed_it(standin, direction):
    edit(standin, direction, 3)
    with pytest.raises(FuseBlown) as blown:
        sync(direction, FUTURE)

    done = sync(direction, FUTURE, plan_id=blown.value.plan_id)

    assert (done.applied, done.changed) == (True, 3)
    assert there(standin) == here()


@BOTH
def test_a_dry_run_says_that_a_confirmation_will_be_needed(standin, direction):
    edit(standin, direction, 3)

    done = sync(direction, FUTURE, dry_run=True)

    assert SyncPlan.objects.get(pk=done.plan_id).needs_confirmation


@BOTH
def test_another_attempt_would_not_help(direction):
    type = job_types[TYPES[direction]]

    assert not issubclass(FuseBlown, type.retry_on)


@BOTH
def test_the_part_is_a_setting(standin, settings, direction):
    settings.AIRTABLE |= {"fuse_percent": 30}
    edit(standin, direction, 3)

    assert sync(direction, FUTURE).changed == 3


def lose_rows(standin) -> None:
    NetworkUnderConstruction.objects.filter(pk__lte=3).delete()


def lose_records(standin) -> None:
    for number in range(1, 4):
        standin.table("FCU - Futurs réseaux de chaleur").remove(record_id(standin, number, FUTURE))


def lose_numbers(standin) -> None:
    for number in range(1, 4):
        change(standin, number, {"id_fcu": None}, FUTURE)


@pytest.mark.parametrize(
    ("lose", "direction"),
    [(lose_rows, TO), (lose_records, FROM), (lose_numbers, TO), (lose_numbers, FROM)],
)
def test_rows_and_records_that_have_lost_each_other_count(standin, lose, direction):
    lose(standin)

    with pytest.raises(FuseBlown):
        sync(direction, FUTURE)


@pytest.mark.parametrize(("add", "direction"), [(records, TO), (rows, FROM)])
def test_the_part_is_one_of_the_larger_side(standin, settings, add, direction):
    # Two of twelve, not of ten.
    settings.AIRTABLE |= {"fuse_percent": 17}
    add(*([standin] if add is records else []), range(11, 13))

    assert sync(direction, FUTURE).orphans == 2


def test_new_networks_do_not(standin):
    rows(range(11, 21))

    assert push(FUTURE).created == 10


def test_neither_does_a_cell_that_cannot_be_used(standin):
    for number in range(1, 11):
        change(standin, number, {"gestionnaire": {"error": "#ERROR!"}}, FUTURE)

    assert pull(FUTURE).problems == 10


def test_where_nothing_can_be_applied_it_says_what_else_to_do(standin):
    for number in range(1, 4):
        standin.table(TABLES[FUTURE].title).remove(record_id(standin, number, FUTURE))

    with pytest.raises(FuseBlown) as blown:
        pull(FUTURE)

    plan = blown.value.plan_id
    assert str(blown.value) == (
        "3 of 10 rows of reseaux-en-construction would change or have lost their counterpart, "
        "more than 20 % (AIRTABLE_FUSE_PERCENT); nothing was written. There is nothing to apply: "
        f"plan {plan} in the admin says which have no counterpart, or no number; give them one in "
        "Airtable, or delete them there."
    )


def test_records_that_an_undo_took_away_are_no_alarm(standin):
    rows(range(11, 15))
    made = SyncPlan.objects.get(pk=push(FUTURE).plan_id)
    push(FUTURE, plan_id=undo(made, by=None).data["plan_id"])

    assert pull(FUTURE).applied
