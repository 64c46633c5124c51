"""Every way in which Airtable can fail, at each request of both syncs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from airtable_sync.errors import AirtableRefused, AirtableUnavailable
from airtable_sync.payload import Direction
from standins.airtable import AirtableStandin
from tests.airtable_sync.failing import KINDS, fault, is_done_nevertheless
from tests.airtable_sync.syncing import FUTURE, push, sync
from tests.airtable_sync.worlds import here, records, rows, there

pytestmark = pytest.mark.django_db

TO, FROM = Direction.TO_AIRTABLE, Direction.FROM_AIRTABLE
DIFFERENCES = {TO: {"communes": "Yzeure"}, FROM: {"gestionnaire": "Engie"}}
# What network 104 then is, and how many records were created.
EXPECTED = {
    TO: (("Projet 104", "Moulins", "Chaleur SA", True), 25),
    FROM: (("Projet 104", "Moulins", "Engie", True), 0),
}
# Both listings have two pages, and there are three requests to write.
READS = [(direction, "read", after) for direction in (TO, FROM) for after in range(2)]
WRITES = [(TO, "write", after) for after in range(3)]
PLACES = dict.fromkeys(KINDS, READS + WRITES) | {
    # None but the second page can be one that Airtable has lost.
    "stale": [(TO, "read", 0), (FROM, "read", 0)],
    # Takes its time.
    "late": [(TO, "read", 0), (TO, "write", 1), (FROM, "read", 0)],
}
EACH = [(name, *place) for name, places in PLACES.items() for place in places]
# What an echo refuses is refused for good.
ONCE = [(*one, 1) for one in EACH if one[0] != "echo"]
TWICE = [(*one[:-1], 2) for one in ONCE if one[3] == 0]


@pytest.fixture
def networks(standin, direction) -> None:
    """Of 130, to Airtable 25 are new and 2 have other communes; from there 2 another manager."""
    rows(range(1, 131))
    records(standin, range(1, 104))
    records(standin, (104, 105), **DIFFERENCES[direction])
    if direction == FROM:
        records(standin, range(106, 131))


@pytest.fixture(autouse=True)
def haste(settings, standin, name) -> None:
    """Where time is real, little of it is given."""
    if name == "late":
        settings.AIRTABLE |= {"timeout": timedelta(seconds=0.3), "patience": timedelta(seconds=3)}


def end_all_faults(standin: AirtableStandin, settings: Any) -> None:
    standin.faults.set()
    settings.AIRTABLE |= {"timeout": timedelta(seconds=5)}


def is_in_step(standin: AirtableStandin, direction: Direction) -> bool:
    """Both sides are as the owner has them, and no network is there twice."""
    created = standin.counters.records_created
    return there(standin) == here() and (here()[104], created) == EXPECTED[direction]


@pytest.mark.parametrize(("name", "direction", "only", "after", "times"), ONCE + TWICE)
def test_a_fault_that_passes_is_outlasted(standin, networks, name, direction, only, after, times):
    standin.faults.set(fault(name, only, after, times))

    sync(direction, FUTURE)

    assert is_in_step(standin, direction)


@pytest.mark.parametrize(("name", "direction", "only", "after"), EACH)
def test_where_patience_ends_the_next_attempt_goes_on(
    standin, settings, networks, name, direction, only, after
):
    job = uuid4()
    standin.faults.set(fault(name, only, after, None))
    with pytest.raises((AirtableUnavailable, AirtableRefused)):
        sync(direction, FUTURE, id=job)
    end_all_faults(standin, settings)
    writes = standin.counters.writes

    sync(direction, FUTURE, id=job)

    if only == "write":
        arrived = after + is_done_nevertheless(name)
        assert standin.counters.writes == writes + len(WRITES) - arrived
    assert is_in_step(standin, direction)


DELETING = [name for name in KINDS if name not in ("stale", "echo")]


@pytest.fixture
def plan(standin) -> int:
    """12 records to be deleted, in two requests; 3 have their network."""
    rows(range(1, 4))
    records(standin, range(1, 16))
    return push(FUTURE, dry_run=True).plan_id


@pytest.mark.parametrize("name", DELETING)
def test_a_fault_of_a_deletion_is_outlasted(standin, plan, name):
    standin.faults.set(fault(name, "write", 0, 1))

    done = push(FUTURE, plan_id=plan, also=["orphans"])

    assert (done.applied, done.deleted) == (True, 12)
    assert there(standin) == here()
    assert standin.counters.records_deleted == 12


# That they have gone already is understood from half an answer, too.
@pytest.mark.parametrize("name", [name for name in DELETING if name != "malformed"])
def test_the_next_attempt_deletes_what_is_left(standin, settings, plan, name):
    job = uuid4()
    standin.faults.set(fault(name, "write", 1, None))
    with pytest.raises(AirtableUnavailable):
        push(FUTURE, id=job, plan_id=plan, also=["orphans"])
    end_all_faults(standin, settings)

    push(FUTURE, id=job, plan_id=plan, also=["orphans"])

    assert there(standin) == here()
    assert standin.counters.records_deleted == 12
