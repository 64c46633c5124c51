"""`manage.py run_jobs`: its options, its lines and its end. What it survives is in tests/chaos."""

import json
from collections import Counter
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import connection, transaction

from jobs.models import Job, Worker
from jobs.models.manager import NewJob
from tests.worker.commands import manage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("probes")]


def test_until_empty_runs_all_that_is_due_and_ends():
    Job.objects.enqueue_many([NewJob(type="probe_noop", data={}) for _ in range(5)])

    done = manage("run_jobs", "--until-empty")

    assert done.returncode == 0, done.stderr
    assert Job.objects.filter(status="finished").count() == 5
    assert not Worker.objects.exists()


def test_until_empty_runs_what_waits_for_what_it_runs():
    first = Job.objects.enqueue("probe_noop", {})
    second = Job.objects.enqueue("probe_noop", {}, after=first)

    manage("run_jobs", "--until-empty")

    second.refresh_from_db()
    assert second.status == "finished"


def test_max_jobs_ends_after_so_many():
    Job.objects.enqueue_many([NewJob(type="probe_noop", data={}) for _ in range(5)])

    done = manage("run_jobs", "--max-jobs", 3)

    assert done.returncode == 0, done.stderr
    assert Job.objects.filter(status="finished").count() == 3
    assert Job.objects.filter(status="pending").count() == 2


def test_only_the_types_named_are_run():
    noop = Job.objects.enqueue("probe_noop", {})
    fails = Job.objects.enqueue("probe_object", {})

    manage("run_jobs", "--until-empty", "--types", "probe_noop")

    assert Job.objects.get(pk=noop.pk).status == "finished"
    assert Job.objects.get(pk=fails.pk).status == "pending"


def test_a_type_that_no_app_registers_is_left_for_a_worker_that_knows_it():
    job = Job.objects.enqueue("probe_noop", {})
    Job.objects.update(type="of_the_next_release")

    done = manage("run_jobs", "--until-empty")

    job.refresh_from_db()
    assert (done.returncode, job.status, job.lease) == (0, "pending", 0)


def test_elsewhere_than_on_a_terminal_each_line_is_one_json_object():
    job = Job.objects.enqueue("probe_object", {})

    done = manage("run_jobs", "--until-empty")

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    # The child, a process of its own, may speak before its worker has said what it claimed.
    child = [line["message"] for line in lines if line["logger"] != "jobs.worker"]
    worker = [line for line in lines if line["logger"] == "jobs.worker"]
    about = {"job": str(job.pk), "type": "probe_object", "attempt": 1, "lease": 1}
    assert child == [
        "about to object",
        f"Job {job.pk} (probe_object) failed: ValueError: on purpose",
    ]
    why = "(exception, attempt 1, the last): ValueError: on purpose"
    assert [(line["level"], line["message"]) for line in worker] == [
        ("INFO", f"Claimed probe_object {job.pk}."),
        ("ERROR", f"Failed probe_object {job.pk} {why}"),
    ]
    assert all(about.items() <= line.items() for line in worker)
    assert worker[1]["reason"] == "ValueError: on purpose"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--slots", "0"], "argument --slots: '0' should be a number from 1 to 100"),
        (["--slots", "two"], "argument --slots: 'two' should be a number from 1 to 100"),
        (["--poll", "0"], "argument --poll: '0' should be a number from 0.05 to 3600"),
        (["--poll", "nan"], "argument --poll: 'nan' should be a number from 0.05 to 3600"),
        (["--grace", "-1"], "argument --grace: '-1' should be a number from 0 to 3600"),
        (["--max-jobs", "0"], "argument --max-jobs: '0' should be a number from 1 to 1e+09"),
        (["--types", "painting"], "--types: no handler for painting; registered: build_tiles,"),
    ],
)
def test_an_option_out_of_range_is_refused_by_name(options, message):
    done = manage("run_jobs", *options)

    assert done.returncode in (1, 2)
    assert message in done.stderr


def test_a_database_without_the_tables_is_refused_with_what_to_do():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE job_workers RENAME TO elsewhere")
    try:
        done = manage("run_jobs", "--until-empty")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO job_workers")

    assert done.returncode == 1
    assert 'relation "job_workers" does not exist' in done.stderr
    assert "Run manage.py migrate first." in done.stderr


def test_the_heartbeat_file_is_touched(tmp_path):
    file = tmp_path / "alive"

    manage("run_jobs", "--until-empty", "--heartbeat-file", file)

    assert file.exists()


def test_a_heartbeat_file_that_cannot_be_touched_does_not_stop_the_worker(tmp_path):
    Job.objects.enqueue("probe_noop", {})

    done = manage("run_jobs", "--until-empty", "--heartbeat-file", tmp_path / "no" / "folder")

    assert done.returncode == 0
    assert "The heartbeat file cannot be touched: " in done.stderr
    assert Job.objects.get().status == "finished"


def test_a_child_is_replaced_after_its_number_of_jobs(monkeypatch):
    monkeypatch.setenv("JOBS_CHILD_MAX_JOBS", "2")
    Job.objects.enqueue_many([NewJob(type="probe_pid", data={}) for _ in range(6)])

    manage("run_jobs", "--until-empty", "--slots", 1)

    pids = Counter(Job.objects.values_list("result__pid", flat=True))
    assert sorted(pids.values()) == [2, 2, 2]


def test_a_child_that_used_too_much_memory_is_replaced(monkeypatch):
    monkeypatch.setenv("JOBS_CHILD_MAX_MEMORY_MB", "1")
    Job.objects.enqueue_many([NewJob(type="probe_pid", data={}) for _ in range(3)])

    manage("run_jobs", "--until-empty", "--slots", 1)

    assert len(set(Job.objects.values_list("result__pid", flat=True))) == 3


def test_a_failure_keeps_the_last_lines_that_its_attempt_logged():
    job = Job.objects.enqueue("probe_object", {})

    manage("run_jobs", "--until-empty")

    job.refresh_from_db()
    assert job.errors[0]["log"] == ["WARNING about to object"]


@pytest.mark.parametrize(
    "command",
    [["run_jobs"], ["process_job", "00000000-0000-0000-0000-000000000000"], ["jobs_health"]],
)
def test_a_wrong_setting_stops_the_start(command, settings):
    settings.JOBS = {"hartbeat": 1}

    with pytest.raises(SystemCheckError, match=r"jobs\.E003"):
        call_command(*command, skip_checks=False)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("run_jobs", []), ("process_job", [UUID(int=0)])],
    ids=["run_jobs", "process_job"],
)
def test_inside_a_transaction_it_refuses_and_says_what_works(command, arguments):
    refusal = f"{command} cannot run inside a transaction: .* In a test use TransactionTestCase"
    with transaction.atomic(), pytest.raises(CommandError, match=refusal):
        call_command(command, *arguments)


@pytest.mark.usefixtures("own_settings")  # the worker's options stay with the connection
def test_in_a_test_without_a_transaction_it_runs_what_was_enqueued():
    job = Job.objects.enqueue("probe_noop", {})

    with pytest.raises(SystemExit, match="0"):
        call_command("run_jobs", until_empty=True)

    job.refresh_from_db()
    assert job.status == "finished"
