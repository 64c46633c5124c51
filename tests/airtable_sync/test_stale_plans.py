"""A plan is refused where what it rests on has changed, and then nothing of it is written."""

from collections.abc import Callable
from typing import Any

import pytest

from airtable_sync.errors import PlanIsStale, UnknownColumn
from airtable_sync.models import SyncPlan
from airtable_sync.payload import Direction
from airtable_sync.tables import TABLES
from networks.models import HeatNetwork
from standins.airtable import AirtableStandin, Table
from tests.airtable_sync.syncing import HEAT, cells, change, push, record_id, sync
from tests.airtable_sync.worlds import heat_on_both_sides
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db

TO, FROM = Direction.TO_AIRTABLE, Direction.FROM_AIRTABLE
WAY = {TO: "to Airtable", FROM: "from Airtable"}
Act = Callable[[AirtableStandin, HeatNetwork], None]


@pytest.fixture
def heat(standin) -> HeatNetwork:
    """In each direction something is to be written, about this network and about another."""
    heat = heat_on_both_sides()
    HeatNetworkFactory(sncu="0302C", communes=["Moulins"])
    push()
    HeatNetwork.objects.update(communes=["Yzeure"])
    for number in cells(standin):
        change(standin, number, {"Gestionnaire": "Engie"})
    return heat


def table(standin: AirtableStandin) -> Table:
    return standin.table(TABLES[HEAT].title)


def state(standin: AirtableStandin) -> Any:
    rows = list(HeatNetwork.objects.order_by("pk").values_list("pk", "communes", "manager"))
    return rows, cells(standin)


def refused(plan: int, direction: Direction, **data: Any) -> str:
    """Why the plan is not applied, without what all such refusals say."""
    with pytest.raises(PlanIsStale) as stale:
        sync(direction, plan_id=plan, **data)
    before = (
        f"Plan {plan} (reseaux-de-chaleur {WAY[direction]}) cannot be applied: "
        "what it rests on has changed ("
    )
    after = "). Make another plan and look at it."
    said = str(stale.value)
    assert (said.startswith(before), said.endswith(after)) == (True, True)
    return said.removeprefix(before).removesuffix(after)


def edit_communes_there(standin: AirtableStandin, heat: HeatNetwork) -> None:
    change(standin, heat.pk, {"communes": "Bourbon"})


def edit_communes_here(standin: AirtableStandin, heat: HeatNetwork) -> None:
    HeatNetwork.objects.filter(pk=heat.pk).update(communes=["Bourbon"])


def edit_manager_there(standin: AirtableStandin, heat: HeatNetwork) -> None:
    change(standin, heat.pk, {"Gestionnaire": "Dalkia"})


def spoil_manager_there(standin: AirtableStandin, heat: HeatNetwork) -> None:
    change(standin, heat.pk, {"Gestionnaire": {"error": "#ERROR!"}})


def edit_manager_here(standin: AirtableStandin, heat: HeatNetwork) -> None:
    HeatNetwork.objects.filter(pk=heat.pk).update(manager="Dalkia")


def delete_there(standin: AirtableStandin, heat: HeatNetwork) -> None:
    table(standin).remove(record_id(standin, heat.pk))


def delete_here(standin: AirtableStandin, heat: HeatNetwork) -> None:
    HeatNetwork.objects.filter(pk=heat.pk).delete()


def blank_number(standin: AirtableStandin, heat: HeatNetwork) -> None:
    change(standin, heat.pk, {"id_fcu": None})


def double_number(standin: AirtableStandin, heat: HeatNetwork) -> None:
    table(standin).add({"id_fcu": heat.pk})


def replace_there(standin: AirtableStandin, heat: HeatNetwork) -> None:
    """Its record has another number now, and another record has its number and its cells."""
    table(standin).add(cells(standin)[heat.pk])
    change(standin, heat.pk, {"id_fcu": 9_999})


@pytest.mark.parametrize(
    ("direction", "act", "where"),
    [
        (TO, edit_communes_there, "in Airtable"),
        (TO, edit_communes_here, "here"),
        (TO, delete_there, "in Airtable"),
        (TO, delete_here, "here"),
        (TO, blank_number, "in Airtable"),
        (TO, double_number, "in Airtable"),
        (TO, replace_there, "in Airtable"),
        (FROM, edit_manager_there, "in Airtable"),
        (FROM, spoil_manager_there, "in Airtable"),
        (FROM, edit_manager_here, "here"),
        (FROM, delete_there, "in Airtable"),
        (FROM, delete_here, "here"),
        (FROM, blank_number, "in Airtable"),
        (FROM, double_number, "in Airtable"),
    ],
)
def test_a_plan_is_refused_once_it_is_stale(standin, heat, direction, act: Act, where):
    plan = sync(direction, dry_run=True).plan_id
    act(standin, heat)
    before = state(standin)

    assert refused(plan, direction) == f"Réseau du Centre (0301C) has changed {where}"

    assert state(standin) == before
    assert SyncPlan.objects.get(pk=plan).state == SyncPlan.State.PLANNED


@pytest.mark.parametrize(
    ("direction", "act"), [(TO, edit_manager_here), (FROM, edit_communes_there)]
)
def test_what_it_does_not_rest_on_may_change(standin, heat, direction, act: Act):
    plan = sync(direction, dry_run=True).plan_id
    act(standin, heat)

    assert sync(direction, plan_id=plan).changed == 2


def test_of_many_changes_the_first_are_named_and_the_others_counted(standin, heat):
    for number in range(303, 308):
        HeatNetworkFactory(sncu=f"0{number}C")
    push()
    HeatNetwork.objects.update(region="Bourbonnais")
    plan = push(dry_run=True).plan_id
    HeatNetwork.objects.update(region="Berry")

    named = (f"Réseau du Centre (0{number}C) has changed here" for number in range(301, 306))
    assert refused(plan, TO) == f"{'; '.join(named)}; and 2 more"


@pytest.fixture
def new(standin) -> HeatNetwork:
    """One that Airtable lacks."""
    return HeatNetworkFactory(sncu="0303C", communes=["Moulins"])


def add_record(standin: AirtableStandin, new: HeatNetwork) -> None:
    table(standin).add({"id_fcu": new.pk, "MO": "Ville de Moulins"})


def add_two_records(standin: AirtableStandin, new: HeatNetwork) -> None:
    add_record(standin, new)
    add_record(standin, new)


@pytest.mark.parametrize(
    ("act", "where"),
    [
        (add_record, "in Airtable"),
        (add_two_records, "in Airtable"),
        (delete_here, "here"),
        (edit_communes_here, "here"),
        (edit_manager_here, "here"),
    ],
)
def test_so_is_the_creation_of_a_record(standin, new, act: Act, where):
    plan = push(dry_run=True).plan_id
    act(standin, new)
    before = state(standin)

    assert refused(plan, TO) == f"Réseau du Centre (0303C) has changed {where}"

    assert state(standin) == before


def add_row(standin: AirtableStandin, heat: HeatNetwork) -> None:
    HeatNetworkFactory(id_fcu=heat.pk, sncu="0301C")


@pytest.mark.parametrize(
    ("act", "where"),
    [(edit_manager_there, "in Airtable"), (delete_there, "in Airtable"), (add_row, "here")],
)
def test_so_is_the_deletion_of_one(standin, act: Act, where):
    heat = heat_on_both_sides()
    number = heat.pk
    heat.delete()
    heat.pk = number
    plan = push(dry_run=True).plan_id
    act(standin, heat)
    before = state(standin)

    said = refused(plan, TO, also=["orphans"])

    assert said == f"Réseau du Centre (0301C) has changed {where}"
    assert state(standin) == before


@pytest.mark.parametrize(
    ("direction", "column"),
    [(TO, "id_fcu"), (TO, "communes"), (TO, "MO"), (FROM, "id_fcu"), (FROM, "Gestionnaire")],
)
def test_so_is_any_plan_once_a_column_was_renamed(standin, heat, direction, column):
    plan = sync(direction, dry_run=True).plan_id
    table(standin).rename_field(column, "Autre")
    before = state(standin)

    with pytest.raises(UnknownColumn):
        sync(direction, plan_id=plan)

    assert state(standin) == before
