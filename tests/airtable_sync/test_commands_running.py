"""`manage.py sync_airtable`: who runs its jobs, and how long it waits for them."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from airtable_sync.management import running
from airtable_sync.models import SyncPlan
from airtable_sync.schema import expected_schema
from jobs.models import Job, Worker
from jobs.outcome import Failure
from standins.airtable import AirtableStandin
from tests.airtable_sync.syncing import COLD, HEAT, cells
from tests.networks.factories import HeatNetworkFactory
from tests.worker.commands import manage

OFFLINE = Failure("exception", "AirtableUnavailable: it is away.", repeatable=True)

Runs = Callable[[Callable[[Job], None]], None]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, standin: AirtableStandin) -> Runs:
    """Let this happen where process_job would run a job."""

    def runs(happen: Callable[[Job], None]) -> None:
        def process_job(command: str, number: UUID) -> None:
            happen(Job.objects.get(pk=number))

        monkeypatch.setattr(running, "call_command", process_job)

    return runs


def claimed(job: Job) -> Job:
    worker = Worker.enlist(slots=1, types=[])
    (job,) = Job.objects.filter(pk=job.pk).claim(worker, limit=1)
    return job


def taken(job: Job) -> None:
    """By another worker."""
    claimed(job)
    raise CommandError("It was not run: another worker has it.", returncode=4)


def finish(*args: Any) -> None:
    for job in Job.objects.processing():
        job.finish({})


@pytest.mark.django_db
def test_a_job_that_another_worker_has_is_waited_for(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(taken)
    monkeypatch.setattr(running.time, "sleep", finish)

    call_command("sync_airtable", HEAT, "--direction", "to-airtable")

    job = Job.objects.get()
    assert job.status == "finished"
    assert capsys.readouterr().err == (f"Another worker has job {job.pk}; waiting for it to end.\n")


@pytest.mark.django_db
def test_a_worker_may_have_been_faster(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    def ended_already(job: Job) -> None:
        claimed(job).finish({})
        raise CommandError("It was not run: it has ended.", returncode=4)

    runs(ended_already)

    call_command("sync_airtable", HEAT)

    assert {job.status for job in Job.objects.all()} == {"finished"}
    assert capsys.readouterr().err == ""


@pytest.mark.django_db
def test_a_job_that_nobody_can_run_now_is_not_waited_for(runs: Runs) -> None:
    def blocked(job: Job) -> None:
        raise CommandError("It was not run: another job with its unique_key runs.", returncode=4)

    runs(blocked)

    with pytest.raises(CommandError, match="another job with its unique_key runs"):
        call_command("sync_airtable", HEAT)


@pytest.mark.django_db
def test_what_is_to_be_tried_again_is_not_waited_for(runs: Runs) -> None:
    runs(lambda job: claimed(job).fail(OFFLINE))

    with pytest.raises(CommandError) as error:
        call_command("sync_airtable", HEAT, COLD)

    job = Job.objects.get()  # and no other was begun
    assert str(error.value) == (
        f"sync_geometries_to_airtable {HEAT} (job {job.pk}) is to be tried again: "
        "AirtableUnavailable: it is away."
    )


@pytest.mark.django_db
def test_what_was_put_back_is_not_waited_for(runs: Runs) -> None:
    runs(lambda job: claimed(job).release())

    with pytest.raises(CommandError, match="is to be tried again: it was stopped"):
        call_command("sync_airtable", HEAT)


@pytest.mark.django_db
def test_a_job_that_was_cancelled_has_failed(
    runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(lambda job: job.cancel())

    with pytest.raises(SystemExit):
        call_command("sync_airtable", HEAT)

    assert "failed: It was cancelled.\n" in capsys.readouterr().err


@pytest.mark.django_db
def test_who_is_told_twice_to_stop_stops(runs: Runs) -> None:
    def interrupted(job: Job) -> None:
        raise SystemExit(130)

    runs(interrupted)

    with pytest.raises(SystemExit) as end:
        call_command("sync_airtable", HEAT, COLD)

    assert end.value.code == 130
    assert Job.objects.count() == 1


@pytest.fixture
def real_standin(transactional_db: None, monkeypatch: Any) -> Iterator[AirtableStandin]:
    """For processes of their own, whose time is that of the wall."""
    with AirtableStandin(expected_schema(), requests_per_second=None) as standin:
        monkeypatch.setenv("AIRTABLE_API_KEY", standin.key)
        monkeypatch.setenv("AIRTABLE_BASE", standin.base)
        monkeypatch.setenv("AIRTABLE_URL", standin.url)
        yield standin


def test_a_process_syncs_both_ways_and_shows_it(real_standin: AirtableStandin) -> None:
    heat = HeatNetworkFactory(sncu="0301C")

    done = manage("sync_airtable", HEAT)

    assert done.returncode == 0, done.stderr
    there, here = SyncPlan.objects.order_by("pk")
    assert f"{there} is applied: 1 create (rows: 1)." in done.stdout
    assert f"{here} is applied: no difference (rows: 1)." in done.stdout
    assert list(cells(real_standin)) == [heat.pk]
    assert real_standin.key not in done.stdout + done.stderr
