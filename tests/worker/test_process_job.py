"""`manage.py process_job`, with its exit codes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job, Worker
from tests.worker.commands import manage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("probes")]

MISSING = "00000000-0000-0000-0000-000000000000"


def test_a_job_that_finishes_is_0():
    job = Job.objects.enqueue("probe_noop", {})

    done = manage("process_job", job.pk)

    job.refresh_from_db()
    assert (done.returncode, job.status, job.lease) == (0, "finished", 1)


def test_a_job_for_tomorrow_runs_now():
    tomorrow = timezone.now() + timedelta(days=1)
    job = Job.objects.enqueue("probe_noop", {}, run_at=tomorrow)

    done = manage("process_job", job.pk)

    job.refresh_from_db()
    assert (done.returncode, job.status) == (0, "finished")


def test_a_job_that_fails_is_1():
    job = Job.objects.enqueue("probe_object", {})

    done = manage("process_job", job.pk)

    job.refresh_from_db()
    assert done.returncode == 1
    assert job.error["message"] == "ValueError: on purpose"


def test_a_job_of_an_unknown_type_ends_as_such():
    job = Job.objects.enqueue("probe_noop", {})
    Job.objects.update(type="retired")

    done = manage("process_job", job.pk)

    job.refresh_from_db()
    assert (done.returncode, job.error["kind"]) == (1, "unknown_type")


def test_no_such_job_is_3():
    done = manage("process_job", MISSING)

    assert done.returncode == 3
    assert f"There is no job {MISSING}." in done.stderr


def test_a_job_that_another_worker_has_is_4_even_by_force():
    job = Job.objects.enqueue("probe_noop", {})
    Job.objects.ready().claim(Worker.enlist(slots=1, types=[]), limit=1)

    done = manage("process_job", job.pk, "--force")

    job.refresh_from_db()
    assert (done.returncode, job.lease) == (4, 1)
    assert f"Job {job.pk} was not run: another worker has it." in done.stderr


def test_a_job_that_has_ended_is_4():
    job = Job.objects.enqueue("probe_noop", {})
    job.cancel()

    done = manage("process_job", job.pk)

    assert done.returncode == 4
    assert "it has ended (error); --force runs it again." in done.stderr


@pytest.mark.parametrize("ended", ["finished", "error"])
def test_force_runs_a_job_that_has_ended(ended):
    job = Job.objects.enqueue("probe_noop", {})
    manage("process_job", job.pk) if ended == "finished" else job.cancel()

    done = manage("process_job", job.pk, "--force")

    job.refresh_from_db()
    assert (done.returncode, job.status, job.error) == (0, "finished", None)


def test_a_job_that_waits_for_another_is_4():
    first = Job.objects.enqueue("probe_noop", {})
    second = Job.objects.enqueue("probe_noop", {}, after=first)

    done = manage("process_job", second.pk)

    assert done.returncode == 4
    assert f"it waits for job {first.pk}." in done.stderr


def test_what_is_not_an_id_is_refused():
    done = manage("process_job", "5")

    assert done.returncode == 2
    assert "invalid UUID value: '5'" in done.stderr
