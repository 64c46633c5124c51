"""Cases that are rare, and would lose something, stop everything or say what is not so."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from airtable_sync.agreeing import Agreement, remember
from airtable_sync.client.pace import SharedPace
from airtable_sync.errors import PlanIsStale
from airtable_sync.models import BasePace, PlannedChange, SyncPlan
from airtable_sync.payload import TYPES, Direction
from airtable_sync.tables import TABLES
from jobs.models import Job
from jobs.registry import job_types
from networks.models import HeatNetwork
from services.clock import VirtualClock
from standins.airtable import AirtableStandin, Table
from tests.airtable_sync.moments import Crash, at_request, crash
from tests.airtable_sync.syncing import FUTURE, HEAT, cells, change, pull, push, record_id
from tests.airtable_sync.undoing import undone
from tests.airtable_sync.worlds import heat_on_both_sides, records, rows, there
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heat(standin) -> HeatNetwork:
    return heat_on_both_sides()


def table(standin: AirtableStandin, name: str = FUTURE) -> Table:
    return standin.table(TABLES[name].title)


def killed_at(monkeypatch: pytest.MonkeyPatch, number: int, do: Any, **options: Any) -> None:
    with monkeypatch.context() as patch:
        at_request(patch, number, crash, **options)
        with pytest.raises(Crash):
            do()


def test_a_record_that_was_deleted_and_made_anew_blanks_nothing(standin, heat):
    made = {"id_fcu": heat.pk, "Identifiant reseau": "0301C", "ouvert_aux_raccordements": True}
    table(standin, HEAT).remove(record_id(standin, heat.pk))
    table(standin, HEAT).add(made)

    pull()

    heat.refresh_from_db()
    assert (heat.manager, heat.taux_enrr) == ("Chaleur SA", 50.5)


def test_a_record_to_which_a_file_was_attached_is_not_deleted_by_an_undo(standin):
    heat = HeatNetworkFactory()
    plan = push().plan_id
    file = {"url": "https://example.org/a.pdf", "filename": "a.pdf"}
    change(standin, heat.pk, {"fichiers": [file]})

    with pytest.raises(PlanIsStale):
        undone(plan)

    assert list(cells(standin)) == [heat.pk]


def test_an_undo_that_stopped_halfway_can_be_finished_by_another(standin, monkeypatch):
    rows(range(1, 26))
    plan = push(FUTURE).plan_id
    killed_at(monkeypatch, 3, lambda: undone(plan))
    Job.objects.all().delete()

    undone(plan)

    assert there(standin) == {}


def test_all_that_an_interrupted_plan_has_written_is_undone(standin, monkeypatch):
    rows(range(1, 26))
    killed_at(monkeypatch, 3, lambda: push(FUTURE), answered=True)

    undone(SyncPlan.objects.get().pk)

    assert there(standin) == {}


def test_a_record_deleted_while_a_plan_is_sent_is_worth_another_attempt(standin, monkeypatch):
    rows(range(1, 26))
    records(standin, range(1, 26), communes="Yzeure")
    at_request(monkeypatch, 2, lambda: table(standin).remove(record_id(standin, 3, FUTURE)))

    with pytest.raises(job_types[TYPES[Direction.TO_AIRTABLE]].retry_on):
        push(FUTURE)


def test_a_record_that_got_another_number_was_not_deleted(standin, monkeypatch):
    records(standin, [1, 2])
    plan, job = push(FUTURE, dry_run=True).plan_id, uuid4()
    apply = {"id": job, "plan_id": plan, "also": ["orphans"]}
    killed_at(monkeypatch, 2, lambda: push(FUTURE, **apply))
    change(standin, 1, {"id_fcu": 9}, FUTURE)

    with pytest.raises(PlanIsStale):
        push(FUTURE, **apply)

    assert not PlannedChange.objects.applied().exists()


def test_a_number_of_the_place_that_was_taken_meanwhile_makes_a_plan_stale(standin, heat):
    change(standin, heat.pk, {"Identifiant reseau": "0399C"})
    plan = pull(dry_run=True).plan_id
    HeatNetworkFactory(sncu="0399C")

    with pytest.raises(PlanIsStale):
        pull(plan_id=plan)


def test_at_100_the_fuse_holds_nothing_back(standin, settings):
    settings.AIRTABLE |= {"fuse_percent": 100}
    rows([1, 2])
    records(standin, [3, 4])

    assert pull(FUTURE).applied


def test_a_job_does_not_wait_for_itself_in_another_base(standin, monkeypatch):
    rows(range(1, 26))
    job = Job.objects.enqueue("sync_geometries_to_airtable", {"name": FUTURE})
    killed_at(monkeypatch, 3, lambda: push(FUTURE, id=job.pk))
    SyncPlan.objects.update(base="appAnother0000001")

    assert push(FUTURE, id=job.pk).applied


def test_where_the_database_is_slow_its_turn_comes_too(monkeypatch):
    clock, take = VirtualClock(), BasePace.take

    def slowly(*args: Any, **options: Any) -> bool:
        taken = take(*args, **options)
        clock.sleep(0.15)
        return taken

    def check() -> None:
        assert clock.now() < timedelta(minutes=5).total_seconds()

    monkeypatch.setattr(BasePace, "take", slowly)

    SharedPace("app", 4, clock).wait(check)


@pytest.mark.django_db(transaction=True)
def test_what_two_jobs_remember_of_one_table_keeps_neither_waiting():
    barrier, failed = Barrier(2), []

    def job(*keys: int) -> None:
        try:
            with transaction.atomic():
                # As a pull does: what both sides agree on, then what it has written.
                for key in keys:
                    remember("app", FUTURE, [Agreement(key, "rec", {})])
                    with suppress(BrokenBarrierError):
                        barrier.wait(0.5)
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    jobs = [Thread(target=job, args=keys) for keys in ((1, 2), (2, 1))]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()

    assert failed == []
