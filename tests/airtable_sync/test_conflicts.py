"""What both sides changed since they last agreed is listed, and overwritten on demand only."""

from typing import Any

import pytest

from airtable_sync.models import SyncedRecord
from airtable_sync.payload import Direction
from airtable_sync.tables import TABLES
from networks.models import HeatNetwork
from tests.airtable_sync.syncing import HEAT, cells, change, lines, pull, push, sync
from tests.airtable_sync.worlds import heat_on_both_sides
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db

TO, FROM = Direction.TO_AIRTABLE, Direction.FROM_AIRTABLE
# A column that flows in each direction, and its field.
COLUMNS = {TO: ("departement", "departement"), FROM: ("Gestionnaire", "manager")}
BOTH = pytest.mark.parametrize("direction", [TO, FROM])


@pytest.fixture
def heat(standin) -> HeatNetwork:
    return heat_on_both_sides()


def edit_here(heat: HeatNetwork, direction: Direction, value: str) -> None:
    HeatNetwork.objects.filter(pk=heat.pk).update(**{COLUMNS[direction][1]: value})


def edit_there(standin, heat: HeatNetwork, direction: Direction, cell: str) -> None:
    change(standin, heat.pk, {COLUMNS[direction][0]: cell})


def found(standin, heat: HeatNetwork, direction: Direction) -> tuple[Any, Any]:
    """What is here, and what is there."""
    column, field = COLUMNS[direction]
    heat.refresh_from_db()
    return getattr(heat, field), cells(standin)[heat.pk].get(column)


def disagree(standin, heat: HeatNetwork, direction: Direction) -> None:
    edit_here(heat, direction, "Ours")
    edit_there(standin, heat, direction, "Theirs")


@BOTH
def test_a_conflict_is_listed_and_neither_side_is_overwritten(standin, heat, direction):
    disagree(standin, heat, direction)

    done = sync(direction)

    assert (done.conflicts, done.changed) == (1, 0)
    pair = ["Theirs", "Ours"] if direction == TO else ["Ours", "Theirs"]
    assert lines(done.plan_id) == [("conflict", heat.pk, {COLUMNS[direction][0]: pair})]
    assert found(standin, heat, direction) == ("Ours", "Theirs")


@BOTH
def test_it_is_listed_each_time_until_somebody_decides(standin, heat, direction):
    disagree(standin, heat, direction)

    assert [sync(direction).conflicts for _ in range(3)] == [1, 1, 1]


@BOTH
def test_other_columns_of_the_same_network_are_written_all_the_same(standin, heat, direction):
    disagree(standin, heat, direction)
    HeatNetwork.objects.update(region="Bourbonnais")
    change(standin, heat.pk, {"MO": "Ville de Moulins"})

    done = sync(direction)

    heat.refresh_from_db()
    assert (done.conflicts, done.changed) == (1, 1)
    assert found(standin, heat, direction) == ("Ours", "Theirs")
    if direction == TO:
        assert cells(standin)[heat.pk]["region"] == "Bourbonnais"
    else:
        assert heat.owner == "Ville de Moulins"


@BOTH
@pytest.mark.parametrize("word", ["Ours", "Theirs", "Third"])
def test_it_is_over_when_both_sides_have_the_same(standin, heat, direction, word):
    disagree(standin, heat, direction)
    sync(direction)
    edit_here(heat, direction, word)
    edit_there(standin, heat, direction, word)

    assert sync(direction).conflicts == 0

    # From then on it is seen again who has changed it.
    edit_here(heat, direction, "Fourth")
    sync(direction)
    owners = "Fourth" if direction == TO else word
    assert found(standin, heat, direction) == (owners, owners)


@BOTH
def test_the_owner_overwrites_it_on_demand(standin, heat, direction):
    disagree(standin, heat, direction)
    plan = sync(direction, dry_run=True).plan_id

    done = sync(direction, plan_id=plan, also=["conflicts"])

    owners = "Ours" if direction == TO else "Theirs"
    assert (done.conflicts, done.changed) == (0, 1)
    assert found(standin, heat, direction) == (owners, owners)
    assert sync(direction).conflicts == 0


@BOTH
def test_it_is_written_together_with_what_else_is_to_be_written(standin, heat, direction):
    disagree(standin, heat, direction)
    HeatNetwork.objects.update(region="Bourbonnais")
    change(standin, heat.pk, {"MO": "Ville de Moulins"})
    plan = sync(direction, dry_run=True).plan_id

    done = sync(direction, plan_id=plan, also=["conflicts"])

    assert (done.conflicts, done.changed) == (0, 1)
    owners = "Ours" if direction == TO else "Theirs"
    assert found(standin, heat, direction) == (owners, owners)
    if direction == TO:
        assert cells(standin)[heat.pk]["region"] == "Bourbonnais"
    else:
        assert heat.owner == "Ville de Moulins"


@BOTH
def test_a_plan_without_that_demand_leaves_it(standin, heat, direction):
    disagree(standin, heat, direction)
    plan = sync(direction, dry_run=True).plan_id

    sync(direction, plan_id=plan)

    assert found(standin, heat, direction) == ("Ours", "Theirs")


def test_what_only_its_owner_changed_is_no_conflict(standin, heat):
    edit_here(heat, TO, "Puy-de-Dôme")
    edit_there(standin, heat, FROM, "Engie")

    done = push(), pull()

    assert [(one.changed, one.conflicts) for one in done] == [(1, 0), (1, 0)]


def test_that_a_new_record_was_blank_is_known_too(standin):
    heat = HeatNetworkFactory(departement="")
    push()
    disagree(standin, heat, TO)

    assert push().conflicts == 1


def test_what_somebody_changed_who_does_not_own_it_is_put_back(standin, heat):
    change(standin, heat.pk, {"communes": "Paris"})
    HeatNetwork.objects.update(manager="Idex")

    push()
    pull()

    heat.refresh_from_db()
    assert cells(standin)[heat.pk]["communes"] == "Moulins"
    assert heat.manager == "Chaleur SA"


@pytest.mark.parametrize("cell", ["quarante", {"error": "#ERROR!"}, -1])
def test_what_cannot_be_taken_is_no_conflict_to_be_decided(standin, heat, cell):
    HeatNetwork.objects.update(nb_pdl=40)
    change(standin, heat.pk, {"nb_pdl": cell})
    plan = pull(dry_run=True).plan_id

    pull(plan_id=plan, also=["conflicts"])

    heat.refresh_from_db()
    assert heat.nb_pdl == 40
    assert [action for action, *_ in lines(plan)] == ["problem"]


# The first sync, when nobody knows what both sides last agreed on.


def test_at_first_a_blank_here_blanks_nothing_there(standin):
    heat = HeatNetworkFactory(communes=[], departement="")
    fields = {"id_fcu": heat.pk, "communes": "Moulins", "departement": "Allier"}
    standin.table(TABLES[HEAT].title).add(fields)

    done = push()

    assert done.conflicts == 1
    assert fields.items() <= cells(standin)[heat.pk].items()


def test_at_first_a_blank_there_blanks_nothing_here(standin):
    heat = HeatNetworkFactory(sncu="0301C", nb_pdl=40, files=[{"id": "att1"}])
    standin.table(TABLES[HEAT].title).add({"id_fcu": heat.pk})

    done = pull()

    heat.refresh_from_db()
    assert done.conflicts == 1
    assert (heat.sncu, heat.manager, heat.nb_pdl) == ("0301C", "Chaleur SA", 40)
    assert heat.files == [{"id": "att1"}]


def test_at_first_the_owner_of_a_column_that_is_filled_in_prevails(standin):
    heat = HeatNetworkFactory(sncu="0301C", communes=["Moulins"])
    fields = {"id_fcu": heat.pk, "communes": "Paris", "Gestionnaire": "Engie"}
    standin.table(TABLES[HEAT].title).add(fields)

    push()
    pull()

    heat.refresh_from_db()
    assert (heat.manager, cells(standin)[heat.pk]["communes"]) == ("Engie", "Moulins")


def test_what_was_agreed_on_with_another_base_says_nothing(standin, heat):
    SyncedRecord.objects.update(base="appAnother0000001")
    change(standin, heat.pk, {"Gestionnaire": None, "MO": "Ville de Moulins"})
    HeatNetwork.objects.update(owner="Ville d’Yzeure")

    pull()

    heat.refresh_from_db()
    assert (heat.manager, heat.owner) == ("Chaleur SA", "Ville de Moulins")


def test_later_a_cell_that_its_owner_has_emptied_is_emptied(standin, heat):
    change(standin, heat.pk, {"Gestionnaire": None})
    HeatNetwork.objects.update(communes=[])

    push()
    pull()

    heat.refresh_from_db()
    assert heat.manager == ""
    assert "communes" not in cells(standin)[heat.pk]
