"""The defects D-4.1 to D-4.5 of the original, each shown to be absent."""

from uuid import uuid4

import pytest
from django.utils import timezone

from airtable_sync.errors import AirtableUnavailable
from airtable_sync.models import SyncPlan
from airtable_sync.tables import TABLES
from networks.models import HeatNetwork
from standins.airtable import Fault
from tests.airtable_sync.syncing import (
    COLD,
    FUTURE,
    HEAT,
    cells,
    lines,
    pull,
    push,
    record_id,
)
from tests.airtable_sync.worlds import heat_on_both_sides, records, rows
from tests.networks.factories import (
    ColdNetworkFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def heat(standin) -> HeatNetwork:
    return heat_on_both_sides()


# D-4.1: the geometry sync ignored `name`.


@pytest.mark.parametrize("name", [HEAT, COLD, FUTURE])
def test_d_4_1_only_the_table_that_was_named_is_asked_for_and_written(standin, name):
    HeatNetworkFactory()
    ColdNetworkFactory()
    NetworkUnderConstructionFactory()

    push(name)

    asked = {request.path.split("/")[-1] for request in standin.counters.log}
    assert asked == {TABLES[name].title}
    assert [len(cells(standin, table)) for table in TABLES.names()] == [
        int(table == name) for table in TABLES.names()
    ]


# D-4.2: one request per record, one after the other.


def test_d_4_2_ten_records_go_in_a_request_and_a_hundred_come_in_one(standin):
    rows(range(1, 251))
    records(standin, range(1, 131), communes="Yzeure")
    records(standin, range(131, 216))

    done = push(FUTURE)

    assert (done.changed, done.created, done.requests) == (130, 35, 3 + 17)
    assert (standin.counters.reads, standin.counters.writes) == (3, 17)
    assert {request.records for request in standin.counters.log[3:-1]} == {10}


def test_d_4_2_where_nothing_changed_pages_are_read_and_no_more(standin):
    rows(range(1, 131))
    records(standin, range(1, 131))

    requests = push(FUTURE).requests, pull(FUTURE).requests

    assert requests == (2, 2)
    assert standin.counters.writes == 0


# D-4.3: one network outside of all communes stopped the sync of all.


def test_d_4_3_a_network_outside_of_all_communes_is_sent_like_the_others(standin):
    outside = HeatNetworkFactory(communes=[], departement="", region="")
    inside = HeatNetworkFactory(communes=["Moulins"])

    push()

    assert "communes" not in cells(standin)[outside.pk]
    assert cells(standin)[inside.pk]["communes"] == "Moulins"


def test_d_4_3_one_that_leaves_all_communes_is_emptied_there_and_stops_nothing(standin, heat):
    heat.communes = []
    heat.save()

    push()

    assert "communes" not in cells(standin)[heat.pk]


def test_d_4_3_an_error_halfway_is_where_the_next_attempt_goes_on(standin):
    rows(range(1, 31))
    job = uuid4()
    # The second request to write, and what follows it.
    standin.faults.set(Fault("status", only="write", after=1, times=None))
    with pytest.raises(AirtableUnavailable) as unavailable:
        push(FUTURE, id=job)
    assert str(unavailable.value).endswith(
        "What was sent is kept; the sync goes on from there when it is run again."
    )
    standin.faults.set()

    done = push(FUTURE, id=job)

    assert (done.applied, done.created) == (True, 30)
    assert standin.counters.records_created == 30
    # Those that were sent are read, and not sent again.
    assert [request.records for request in standin.counters.log[-3:]] == [0, 10, 10]


# D-4.4: what has no geometry differed at each run.


def test_d_4_4_a_network_without_trace_is_no_change_at_the_next_run(standin):
    without = HeatNetworkFactory(without_trace=True)
    push()
    assert "has_trace" not in cells(standin)[without.pk]

    done = push()

    assert (done.changed, lines(done.plan_id)) == (0, [])


def test_d_4_4_neither_is_any_column_of_any_table(standin):
    HeatNetworkFactory(communes=["Moulins", "Yzeure"], geometry_changed_at=timezone.now())
    ColdNetworkFactory(without_trace=True)
    NetworkUnderConstructionFactory(zone=True)
    for name in TABLES.names():
        push(name)

    done = [sync(name) for name in TABLES.names() for sync in (push, pull)]

    assert [lines(one.plan_id) for one in done] == [[]] * 6


# D-4.5: deletions were not propagated, creations needed a record made by hand.


def test_d_4_5_a_new_network_needs_no_record_made_by_hand(standin):
    heat = HeatNetworkFactory()

    assert push().created == 1

    assert list(cells(standin)) == [heat.pk]


def test_d_4_5_a_record_whose_network_has_gone_is_reported(standin, heat):
    heat_id = record_id(standin, heat.pk)
    HeatNetwork.objects.all().delete()

    done = push()

    assert (done.orphans, done.deleted) == (1, 0)
    line = SyncPlan.objects.get(pk=done.plan_id).changes.get()
    assert (line.action, line.record_id, line.label) == (
        "orphan",
        heat_id,
        "Réseau du Centre (0301C)",
    )
    assert line.cells["Gestionnaire"] == ["Chaleur SA", None]
    assert len(cells(standin)) == 1


def test_d_4_5_a_network_without_a_record_is_reported(standin, heat):
    standin.table(TABLES[HEAT].title).remove(record_id(standin, heat.pk))

    done = pull()

    assert (done.orphans, lines(done.plan_id)) == (1, [("orphan", heat.pk, {})])
    assert HeatNetwork.objects.count() == 1


def test_d_4_5_a_record_whose_network_has_gone_is_deleted_on_demand(standin, heat):
    HeatNetwork.objects.all().delete()
    plan = push(dry_run=True).plan_id

    done = push(plan_id=plan, also=["orphans"])

    assert (done.orphans, done.deleted) == (0, 1)
    assert cells(standin) == {}
