"""`manage.py sync_airtable`: what it takes, what it enqueues and how it ends."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from airtable_sync.management import running
from airtable_sync.management.commands import sync_airtable
from airtable_sync.models import SyncPlan
from airtable_sync.tables import TABLES
from jobs.models import Job, Worker
from jobs.outcome import Failure
from jobs.stops import Stop
from jobs.worker.attempt import attempt
from jobs.worker.held import Held
from networks.models import HeatNetwork
from standins.airtable import BASE, AirtableStandin
from tests.airtable_sync.syncing import COLD, HEAT, cells
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db

GEOMETRIES, METADATA = "sync_geometries_to_airtable", "sync_metadata_from_airtable"
KNOWN = "reseaux-de-chaleur, reseaux-de-froid, reseaux-en-construction"

Say = Callable[..., list[str]]


def work(command: str, id: Any) -> None:
    """What process_job does, without processes."""
    (job,) = Job.objects.filter(pk=id).claim(Worker.enlist(slots=1, types=[]), limit=1)
    held = Held(str(job.pk), job.lease, job.worker_id, job.type, 1, data=json.dumps(job.data))
    ended = attempt(held, Stop())
    failed = isinstance(ended, Failure)
    job.fail(ended) if failed else job.finish(json.loads(ended.result))
    raise SystemExit(failed)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "call_command", work)


@pytest.fixture
def say(standin: AirtableStandin, capsys: pytest.CaptureFixture[str]) -> Say:
    """What the command says, line by line."""

    def say(*arguments: object) -> list[str]:
        call_command("sync_airtable", *map(str, arguments))
        return capsys.readouterr().out.splitlines()

    return say


@pytest.fixture
def refusal(standin: AirtableStandin) -> Callable[..., str]:
    """Why the command refuses; then nothing was enqueued."""

    def refusal(*arguments: object) -> str:
        with pytest.raises(CommandError) as refused:
            call_command("sync_airtable", *map(str, arguments))
        assert not Job.objects.exists()
        return str(refused.value)

    return refusal


@pytest.fixture
def heat(db: None) -> HeatNetwork:
    return HeatNetworkFactory(sncu="0301C", region="Auvergne")


def enqueued() -> list[tuple[str, dict[str, Any]]]:
    return [(job.type, job.data) for job in Job.objects.order_by("created_at", "id")]


# -- what it enqueues ------------------------------------------------------------------------------


def test_all_tables_are_synced_in_both_directions_geometries_first(say: Say) -> None:
    say("--enqueue")

    assert enqueued() == [
        (type, {"name": name} | UNSAID)
        for name in TABLES.names()
        for type in (GEOMETRIES, METADATA)
    ]


def test_one_direction_of_some_tables(say: Say) -> None:
    say(COLD, HEAT, "--direction", "from-airtable", "--enqueue")

    assert [(type, data["name"]) for type, data in enqueued()] == [
        (METADATA, COLD),
        (METADATA, HEAT),
    ]


def test_jobs_for_a_worker_are_named(say: Say) -> None:
    said = say(HEAT, "--enqueue")

    there, here = Job.objects.order_by("id")
    assert said == [f"{GEOMETRIES} {HEAT}: job {there.pk}", f"{METADATA} {HEAT}: job {here.pk}"]
    assert there.status == here.status == "pending"


def test_what_waits_already_is_not_enqueued_twice(say: Say) -> None:
    assert say(HEAT, "--enqueue") == say(HEAT, "--enqueue")


# -- what it refuses -------------------------------------------------------------------------------


def test_an_unknown_table_is_answered_with_the_known_ones(refusal: Any) -> None:
    assert refusal(HEAT, "rivers") == f"No table 'rivers' is synced; there are {KNOWN}."


def test_without_a_key_it_is_said_what_to_set(refusal: Any, settings: Any) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": ""}

    assert refusal(HEAT).startswith("Airtable is not configured: AIRTABLE_API_KEY not set.")


@pytest.mark.parametrize("verb", ["--apply", "--undo"])
@pytest.mark.parametrize("more", [[HEAT], ["--direction", "to-airtable"]])
def test_a_plan_needs_no_table_and_no_direction(verb: str, more: list[str], refusal: Any) -> None:
    assert refusal(*more, verb, 1) == (
        "A plan has its table and direction; leave out NAME and --direction."
    )


@pytest.mark.parametrize("more", [[], ["--dry-run"], ["--undo", "1"]])
def test_also_is_about_a_plan_to_apply(more: list[str], refusal: Any) -> None:
    assert refusal(*more, "--also", "conflicts") == (
        "--also is about the lines of a plan; give --apply PLAN."
    )


@pytest.mark.parametrize(
    "two",
    [["--dry-run", "--apply", "1"], ["--apply", "1", "--undo", "1"], ["--dry-run", "--undo", "1"]],
)
def test_it_does_one_thing_at_a_time(two: list[str], refusal: Any) -> None:
    assert "not allowed with argument" in refusal(*two)


@pytest.mark.parametrize("verb", ["--apply", "--undo"])
def test_a_plan_that_is_none_is_refused(verb: str, refusal: Any) -> None:
    assert refusal(verb, 2**70) == f"There is no plan {2**70}; the admin lists them all."


def test_a_plan_that_does_not_wait_any_more_is_refused(refusal: Any) -> None:
    plan = SyncPlan.objects.create(
        base=BASE, name=HEAT, direction="to_airtable", rows=1, state="applied"
    )

    assert refusal("--apply", plan.pk) == (
        f"{plan} is applied; only a plan that waits can be applied. Make another."
    )


def test_a_plan_that_changed_nothing_is_not_undone(refusal: Any) -> None:
    plan = SyncPlan.objects.create(base=BASE, name=HEAT, direction="to_airtable", rows=1)

    assert refusal("--undo", plan.pk) == (
        f"{plan} is planned; only what was applied, wholly or in part, can be undone."
    )


# -- what it does here and now ---------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_says_how_to_go_on(
    heat: HeatNetwork, standin: AirtableStandin, say: Say
) -> None:
    said = say(HEAT, "--direction", "to-airtable", "--dry-run")

    plan = SyncPlan.objects.get()
    assert said[0] == f"{plan} is planned: 1 create (rows: 1)."
    assert f"  create {heat.pk} {heat}, region: empty → 'Auvergne'" in said
    assert said[-1] == (
        f"Nothing was written. To apply it: manage.py sync_airtable --apply {plan.pk}"
    )
    assert cells(standin) == {}


def test_a_plan_is_applied_and_undone(
    heat: HeatNetwork, standin: AirtableStandin, say: Say
) -> None:
    say(HEAT, "--direction", "to-airtable", "--dry-run")
    plan = SyncPlan.objects.get()

    applied = say("--apply", plan.pk)
    there = list(cells(standin))
    undone = say("--undo", plan.pk)

    assert applied[-1] == f"To undo it: manage.py sync_airtable --undo {plan.pk}"
    assert there == [heat.pk]
    assert undone[-1] == f"Plan {plan.pk} is undone."
    assert cells(standin) == {}


def test_lines_on_demand_are_applied_on_demand(standin: AirtableStandin, say: Say) -> None:
    standin.table(TABLES[HEAT].title).add({"id_fcu": 7})
    say(HEAT, "--direction", "to-airtable", "--dry-run")

    say("--apply", SyncPlan.objects.get().pk, "--also", "orphans")

    assert cells(standin) == {}


def test_a_plan_that_cannot_be_applied_any_more_is_shown(
    heat: HeatNetwork, say: Say, capsys: Any
) -> None:
    say(HEAT, "--direction", "to-airtable", "--dry-run")
    plan = SyncPlan.objects.get()
    HeatNetwork.objects.update(region="Bretagne")

    with pytest.raises(SystemExit):
        say("--apply", plan.pk)

    said = capsys.readouterr()
    assert said.out.startswith(f"{plan} is planned: 1 create (rows: 1).\n")
    assert "failed: PlanIsStale: " in said.err


def test_the_first_lines_are_shown_or_all(heat: HeatNetwork, say: Say, monkeypatch: Any) -> None:
    monkeypatch.setattr(sync_airtable, "LINES", 2)
    asked = (HEAT, "--direction", "to-airtable", "--dry-run")

    assert len(say(*asked)) == 5
    assert len(say(*asked, "--all")) > 8


def test_both_directions_are_shown(heat: HeatNetwork, say: Say) -> None:
    said = say(HEAT)

    there, here = SyncPlan.objects.order_by("pk")
    assert f"{there} is applied: 1 create (rows: 1)." in said
    assert said[-2:] == [
        f"{here} is applied: no difference (rows: 1).",
        "Nothing had to be written.",
    ]


def test_a_failure_is_said_and_the_next_table_is_synced(
    heat: HeatNetwork, standin: AirtableStandin, say: Say, capsys: Any
) -> None:
    standin.table(TABLES[HEAT].title).remove_field("region")

    with pytest.raises(SystemExit) as end:
        say(HEAT, COLD, "--direction", "to-airtable")

    failed, finished = Job.objects.order_by("id")
    said = capsys.readouterr()
    assert end.value.code == 1
    assert said.err.startswith(f"{GEOMETRIES} {HEAT} (job {failed.pk}) failed: UnknownColumn: ")
    assert (failed.status, finished.status) == ("error", "finished")


def test_the_plan_of_a_blown_fuse_is_shown(
    heat: HeatNetwork, say: Say, settings: Any, capsys: Any
) -> None:
    say(HEAT)
    HeatNetwork.objects.update(region="Bretagne")
    settings.AIRTABLE = settings.AIRTABLE | {"fuse_percent": 20}

    with pytest.raises(SystemExit) as end:
        say(HEAT, "--direction", "to-airtable")

    plan = SyncPlan.objects.latest("pk")
    said = capsys.readouterr()
    assert end.value.code == 1
    assert said.out.splitlines()[-2:] == [
        f"  change {heat.pk} {heat}, region: 'Auvergne' → 'Bretagne'",
        f"Nothing was written. To apply it: manage.py sync_airtable --apply {plan.pk}",
    ]
    assert "FuseBlown: 1 of 1 rows" in said.err


UNSAID = {"dry_run": False, "plan_id": None, "also": []}
