"""Workers that die, share a pace or are told to wait while they sync with Airtable."""

import pytest

from airtable_sync.models import SyncPlan
from airtable_sync.tables import TABLES
from jobs.models import Job
from networks.following import enqueue_tiles_and_recheck
from networks.kinds import HEAT_NETWORKS
from networks.models import HeatNetwork
from standins.airtable import AirtableStandin, Fault
from standins.airtable.faults import Kind
from tests.chaos.airtable import (
    COLD,
    FUTURE,
    HEAT,
    NewSyncer,
    cells,
    hold_up,
    in_the_way,
    most_in_a_second,
    new_syncer,
    pull,
    push,
    standin,
    writes,
)
from tests.chaos.database import clock, row
from tests.chaos.probes import ended, statuses
from tests.chaos.report import Line
from tests.chaos.test_exactness import kill_the_child
from tests.chaos.waiting import stays, wait_until
from tests.networks.factories import (
    ColdNetworkFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
)

__all__ = ["new_syncer", "standin"]

Heat = list[HeatNetwork]
TITLE = TABLES[HEAT].title
NETWORKS, THERE_ALREADY = 35, 20
BATCHES = [10, 10, 10, 5]
ONE_AGAIN = [10, *BATCHES]


@pytest.fixture
def heat(database: object) -> Heat:
    return [HeatNetworkFactory(communes=[f"Commune {n}"]) for n in range(NETWORKS)]


@pytest.fixture
def differing(standin: AirtableStandin, heat: Heat) -> Heat:
    """Networks of which Airtable has some in other communes, and lacks the others."""
    for network in heat[:THERE_ALREADY]:
        standin.table(TITLE).add({"id_fcu": network.pk, "communes": "Ailleurs"})
    return heat


@pytest.fixture
def renewed(standin: AirtableStandin, heat: Heat) -> Heat:
    """Networks of which Airtable knows a better rate."""
    for network in heat:
        fields = {
            "id_fcu": network.pk,
            "Identifiant reseau": network.sncu,
            "nom_reseau": network.name,
            "Gestionnaire": network.manager,
            "ouvert_aux_raccordements": True,
            "Taux EnR&R": 80,
        }
        standin.table(TITLE).add(fields)
    return heat


def assert_all_was_sent(job: Job, standin: AirtableStandin, heat: Heat) -> None:
    """Into one record each; and the plan says so."""
    sent = [(network.pk, network.communes[0]) for network in heat]
    assert cells(standin, TITLE, "communes") == sent
    assert (row(job).status, row(job).attempts, row(job).crashes) == ("finished", 1, 1)
    plan = SyncPlan.objects.get()
    assert (plan.state, plan.changes.applied().count()) == ("applied", NETWORKS)


def test_32_a_request_that_arrived_is_not_sent_again_when_its_worker_is_killed(
    standin: AirtableStandin, differing: Heat, new_syncer: NewSyncer, line: Line
) -> None:
    standin.faults.set(Fault("late", only="write", after=1, seconds=60))
    job = push()
    worker = new_syncer()
    wait_until(lambda: standin.counters.records_updated == THERE_ALREADY)

    worker.kill()
    killed_at = clock()
    new_syncer()
    wait_until(lambda: ended(job))

    assert_all_was_sent(job, standin, differing)
    assert writes(standin) == BATCHES
    line.measure("all sent", (clock() - killed_at).total_seconds(), under=20)


def test_32_a_request_that_arrives_after_its_child_was_killed_makes_no_record_twice(
    standin: AirtableStandin,
    differing: Heat,
    new_syncer: NewSyncer,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The first that creates records.
    arrives = hold_up(monkeypatch, standin, write=3)
    job = push()
    worker = new_syncer()
    wait_until(lambda: len(writes(standin)) == 3)

    kill_the_child(worker)
    wait_until(lambda: len(writes(standin)) == 4)
    arrives.set()
    wait_until(lambda: ended(job))

    assert_all_was_sent(job, standin, differing)
    assert writes(standin) == ONE_AGAIN


@pytest.mark.parametrize(
    ("what", "sent"),
    # A child that is killed too late has asked again itself for what was cut off.
    [("cut", (BATCHES, ONE_AGAIN)), ("reset", (ONE_AGAIN,))],
    ids=["cut", "reset"],
)
def test_32_a_killed_child_has_at_most_one_request_sent_again(
    standin: AirtableStandin,
    differing: Heat,
    new_syncer: NewSyncer,
    line: Line,
    what: Kind,
    sent: tuple[list[int], ...],
) -> None:
    standin.faults.set(Fault(what, only="write", after=1))
    job = push()
    worker = new_syncer()
    wait_until(lambda: len(writes(standin)) == 2)

    kill_the_child(worker)
    wait_until(lambda: ended(job))

    assert_all_was_sent(job, standin, differing)
    assert writes(standin) in sent
    line.note(f"{len(writes(standin))} requests for 4")


def test_33_three_workers_keep_the_pace_of_their_base(
    standin: AirtableStandin, heat: Heat, new_syncer: NewSyncer, line: Line
) -> None:
    ColdNetworkFactory.create_batch(10)
    NetworkUnderConstructionFactory.create_batch(10)
    for worker in [new_syncer() for _ in range(3)]:
        worker.ready()

    jobs = [push(HEAT), push(COLD), push(FUTURE)]
    wait_until(lambda: statuses(jobs) == {"processing": 3})
    wait_until(lambda: ended(*jobs))

    assert statuses(jobs) == {"finished": 3}
    assert standin.counters.refusals == 0
    assert sorted(writes(standin)) == sorted([*BATCHES, 10, 10])
    line.measure("in a second", most_in_a_second(standin), under=6, unit="requests")


def test_34_metadata_are_taken_all_or_none_when_the_worker_is_killed(
    standin: AirtableStandin, renewed: Heat, new_syncer: NewSyncer, line: Line
) -> None:
    job = pull()
    worker = new_syncer()

    # What follows is enqueued when every row is written, and none committed.
    with in_the_way(lambda: enqueue_tiles_and_recheck([HEAT_NETWORKS.name], [], by=None)) as met:
        wait_until(met)
        worker.kill()
    killed_at = clock()
    assert (renewed_rows(), SyncPlan.objects.count(), followers(job)) == (0, 0, [])
    new_syncer()
    wait_until(lambda: ended(job))

    assert row(job).status == "finished"
    assert (renewed_rows(), SyncPlan.objects.get().state) == (NETWORKS, "applied")
    assert followers(job) == ["build_tiles", "pro_eligibility_test_notify_changes"]
    line.measure("all taken", (clock() - killed_at).total_seconds(), under=20)


def renewed_rows() -> int:
    return HeatNetwork.objects.filter(taux_enrr=80).count()


def followers(job: Job) -> list[str]:
    others = Job.objects.exclude(pk=job.pk)
    return list(others.order_by("type").values_list("type", flat=True))


def test_35_a_penalty_is_waited_for_by_a_worker_that_lives_and_listens(
    standin: AirtableStandin, differing: Heat, new_syncer: NewSyncer, line: Line
) -> None:
    standin.faults.set(Fault("rate", only="write", after=1))
    job = push()
    new_syncer()
    wait_until(lambda: standin.counters.refusals == 1)

    # Longer than a lease, and much shorter than the penalty.
    stays(lambda: (row(job).status, row(job).lease) == ("processing", 1), seconds=4)
    job.cancel()
    asked_at = clock()
    wait_until(lambda: ended(job))

    assert (row(job).error["kind"], row(job).attempts) == ("cancelled", 1)
    assert writes(standin) == [10, 10]
    assert SyncPlan.objects.get().changes.applied().count() == 10
    line.measure("stopped", (row(job).finished_at - asked_at).total_seconds(), under=3)
