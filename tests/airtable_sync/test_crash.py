"""A worker that is killed at any request to Airtable, and the attempt that follows."""

from uuid import UUID, uuid4

import pytest

from airtable_sync import runs
from airtable_sync.models import PlannedChange, SyncedRecord, SyncPlan
from airtable_sync.payload import Direction
from networks.models import NetworkUnderConstruction
from standins.airtable import AirtableStandin
from tests.airtable_sync.moments import Crash, at_request, crash
from tests.airtable_sync.syncing import FUTURE, pull, push, record_id, sync
from tests.airtable_sync.worlds import here, records, rows, there

pytestmark = pytest.mark.django_db

WRITES = 3  # two that create and change 10 records each, one that deletes 5
EVERY_REQUEST = [
    pytest.param(number, answered, id=f"{number} {'answered' if answered else 'not sent'}")
    for number in range(1, 1 + WRITES + 1)
    for answered in (False, True)
]


@pytest.fixture
def plan(standin) -> int:
    """12 records to create, 8 to change and, on demand, 5 to delete; others are as they should."""
    rows(range(1, 36))
    records(standin, range(13, 21), communes="Yzeure")
    records(standin, range(21, 36))
    pull(FUTURE)
    NetworkUnderConstruction.objects.filter(pk__gt=30).delete()
    return push(FUTURE, dry_run=True).plan_id


def attempt(plan: int, job: UUID) -> None:
    push(FUTURE, id=job, plan_id=plan, also=["orphans"])


def written(standin: AirtableStandin) -> tuple[int, int, int]:
    """How many times a record was created, changed, deleted."""
    counters = standin.counters
    return counters.records_created, counters.records_updated, counters.records_deleted


@pytest.mark.parametrize(("number", "answered"), EVERY_REQUEST)
def test_the_next_attempt_sends_what_is_left(standin, monkeypatch, plan, number, answered):
    job = uuid4()
    at_request(monkeypatch, number, crash, answered=answered)
    with pytest.raises(Crash):
        attempt(plan, job)

    attempt(plan, job)

    assert there(standin) == here()
    assert written(standin) == (12, 8, 5)
    assert standin.counters.writes == WRITES


@pytest.mark.parametrize(("number", "answered"), EVERY_REQUEST)
def test_the_next_attempt_leaves_nothing_to_be_kept(standin, monkeypatch, plan, number, answered):
    job = uuid4()
    at_request(monkeypatch, number, crash, answered=answered)
    with pytest.raises(Crash):
        attempt(plan, job)

    attempt(plan, job)

    assert SyncPlan.objects.get(pk=plan).state == SyncPlan.State.APPLIED
    assert not PlannedChange.objects.to_apply().exists()
    # What is known of them is what the next sync rests on.
    known = dict(SyncedRecord.objects.values_list("key", "record_id"))
    assert known == {number: record_id(standin, number, FUTURE) for number in here()}


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("number", [2, 3, 4])
def test_so_does_that_of_a_job_that_made_its_plan_itself(standin, monkeypatch, number, answered):
    rows(range(1, 31))
    records(standin, range(26, 31), communes="Yzeure")
    job = uuid4()
    at_request(monkeypatch, number, crash, answered=answered)
    with pytest.raises(Crash):
        push(FUTURE, id=job)

    done = push(FUTURE, id=job)

    assert (done.applied, done.created, done.changed) == (True, 25, 5)
    assert there(standin) == here()
    assert written(standin) == (25, 5, 0)


def test_an_attempt_that_dies_before_it_can_say_so_has_nothing_left(standin, monkeypatch, plan):
    job = uuid4()
    with monkeypatch.context() as patch:
        patch.setattr(runs, "end", lambda plan: crash())
        with pytest.raises(Crash):
            attempt(plan, job)

    attempt(plan, job)

    assert written(standin) == (12, 8, 5)
    assert SyncPlan.objects.get(pk=plan).state == SyncPlan.State.APPLIED


@pytest.mark.parametrize("direction", Direction)
def test_an_attempt_after_all_was_done_reports_the_same(standin, direction):
    rows(range(1, 4))
    records(standin, range(1, 4), communes="Yzeure", gestionnaire="Engie")
    plan, job = sync(direction, FUTURE, dry_run=True).plan_id, uuid4()
    first = sync(direction, FUTURE, id=job, plan_id=plan)

    second = sync(direction, FUTURE, id=job, plan_id=plan)

    assert (first.applied, first.changed) == (True, 3)
    assert second == first.model_copy(update={"requests": second.requests})
    assert standin.counters.writes == (direction == Direction.TO_AIRTABLE)


def test_what_changed_meanwhile_is_compared_anew(standin, monkeypatch):
    rows(range(1, 31))
    job = uuid4()
    at_request(monkeypatch, 3, crash)
    with pytest.raises(Crash):
        push(FUTURE, id=job)
    rows([31])
    # 25 was not sent yet.
    records(standin, [25], communes="Yzeure")

    done = push(FUTURE, id=job)

    first, second = SyncPlan.objects.order_by("pk")
    assert (first.state, second.state) == (SyncPlan.State.INTERRUPTED, SyncPlan.State.APPLIED)
    assert (done.plan_id, done.created, done.changed) == (second.pk, 20, 1)
    assert there(standin) == here()


def test_another_job_takes_over_what_one_that_has_ended_left(standin, monkeypatch, plan):
    at_request(monkeypatch, 3, crash)
    with pytest.raises(Crash):
        attempt(plan, uuid4())

    push(FUTURE)

    assert SyncPlan.objects.get(pk=plan).state == SyncPlan.State.INTERRUPTED
    assert here().items() <= there(standin).items()
    assert written(standin)[:2] == (12, 8)


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("number", [1, 2])
def test_metadata_are_read_again_from_the_beginning(standin, monkeypatch, number, answered):
    rows(range(1, 131))
    records(standin, range(1, 131), gestionnaire="Engie")
    job = uuid4()
    at_request(monkeypatch, number, crash, answered=answered)
    with pytest.raises(Crash):
        pull(FUTURE, id=job)
    assert {manager for *_, manager, _ in here().values()} == {"Chaleur SA"}

    done = pull(FUTURE, id=job)

    assert done.changed == 130
    assert there(standin) == here()
