"""Jobs in a second database by a router, which has them read from a copy that is never renewed."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from rest_framework.test import APIClient

from jobs.models import Job
from jobs.models.manager import NewJob
from jobs.models.queryset import JobQuerySet
from tests.chaos import routed
from tests.chaos.conftest import NewWorker
from tests.chaos.probes import enqueue
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until
from tests.chaos.worker import manage
from tests.factories import UserFactory

SHORT_LIVED = {"JOBS_HEARTBEAT_SECONDS": 1, "JOBS_ALIVE_FOR_SECONDS": 3}
ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": routed.SETTINGS}


@pytest.fixture
def database(transactional_db: None, settings: Any) -> Iterator[dict[str, str]]:
    with routed.databases():
        settings.DATABASE_ROUTERS = [routed.ROUTER]
        yield ENVIRONMENT
        settings.DATABASE_ROUTERS = []


def queue() -> JobQuerySet:
    return Job.objects.using("queue")


def end_of(job: Job) -> tuple[str, str | None]:
    """The status it ends with, and the kind of its error."""
    wait_until(lambda: queue().filter(pk=job.pk).exclude(finished_at=None).exists())
    status, error = queue().values_list("status", "error").get(pk=job.pk)
    return status, error and error["kind"]


def ends_of(jobs: Sequence[Job]) -> set[tuple[str, str | None]]:
    return {end_of(job) for job in jobs}


def is_run(job: Job) -> bool:
    return queue().filter(pk=job.pk, status="processing").exists()


def test_58_jobs_that_are_routed_elsewhere_run(new_worker: NewWorker, line: Line) -> None:
    one = enqueue("noop")
    many = Job.objects.enqueue_many([NewJob(type="probe_noop", data={})] * 100)
    later = enqueue("noop", run_at=one.created_at + timedelta(seconds=3))
    noted, atomic = enqueue("run"), enqueue("atomic")
    failing, repeated = enqueue("refuse"), enqueue("refuse_again")

    new_worker("--slots", 2)

    assert ends_of([one, *many, later, noted, atomic]) == {("finished", None)}
    assert ends_of([failing, repeated]) == {("error", "exception")}
    assert not Job.objects.using("default").exists()
    assert not Job.objects.using("frozen").exists()


def test_58_jobs_that_wait_for_others_follow_them(new_worker: NewWorker, line: Line) -> None:
    first, failing = enqueue("noop"), enqueue("refuse")
    second = enqueue("noop", after=first)
    third, blocked = enqueue("noop", after=second), enqueue("noop", after=failing)
    new_worker("--slots", 2)

    assert ends_of([first, second, third]) == {("finished", None)}
    assert end_of(blocked) == ("error", "blocked")
    assert end_of(enqueue("noop", after=first)) == ("finished", None)
    assert end_of(enqueue("noop", after=failing)) == ("error", "blocked")


def test_58_jobs_are_cancelled(new_worker: NewWorker, line: Line) -> None:
    pending = enqueue("noop")
    pending.cancel()
    new_worker("--slots", 1)
    running = enqueue("sleep", {"seconds": 600})
    wait_until(lambda: is_run(running))

    running.cancel()

    assert ends_of([pending, running]) == {("error", "cancelled")}


def test_58_jobs_are_retried(new_worker: NewWorker, line: Line) -> None:
    job = enqueue("refuse")
    child = enqueue("noop", after=job)
    new_worker("--slots", 1)
    assert (end_of(job), end_of(child)) == (("error", "exception"), ("error", "blocked"))

    queue().filter(pk=job.pk).update(type="probe_noop")
    queue().get(pk=job.pk).retry()

    wait_until(lambda: ends_of([job, child]) == {("finished", None)})


def test_58_a_unique_key_is_kept(new_worker: NewWorker, line: Line) -> None:
    first, again = (enqueue("run", {"seconds": 2}, unique_key="one") for _ in range(2))
    assert again.pk == first.pk
    new_worker("--slots", 2)
    wait_until(lambda: is_run(first))

    next = enqueue("noop", unique_key="one")
    twin = enqueue("run", unique_key="one")

    assert ends_of([first, next, twin]) == {("finished", None)}
    [before, *after] = queue().filter(type="probe_run").order_by("started_at")
    assert all(job.started_at >= before.finished_at for job in after)


def test_58_the_jobs_of_a_killed_worker_are_rescued(new_worker: NewWorker, line: Line) -> None:
    killed = new_worker("--slots", 1, **SHORT_LIVED)
    job = enqueue("run", {"seconds": 5})
    wait_until(lambda: is_run(job))

    killed.kill()
    new_worker("--slots", 1, **SHORT_LIVED)

    assert end_of(job) == ("finished", None)
    assert queue().values_list("lease", "attempts", "crashes").get(pk=job.pk) == (2, 1, 1)


def test_58_what_a_crash_left_unsettled_is_swept(new_worker: NewWorker, line: Line) -> None:
    parent = enqueue("sleep", {"seconds": 600})
    child = enqueue("noop", after=parent)
    queue().filter(pk=parent.pk).update(status="finished", finished_at=Now())

    new_worker("--slots", 1)

    assert end_of(child) == ("finished", None)


def test_58_commands_know_of_them(new_worker: NewWorker, line: Line) -> None:
    job, failing, foreign = enqueue("noop"), enqueue("refuse"), enqueue("noop", priority=-1)
    queue().filter(pk=foreign.pk).update(type="probe_foreign")

    assert manage("process_job", job.pk, **ENVIRONMENT).returncode == 0
    assert manage("process_job", failing.pk, **ENVIRONMENT).returncode == 1
    assert manage("process_job", failing.pk, "--force", **ENVIRONMENT).returncode == 1
    assert manage("jobs_health", **ENVIRONMENT).returncode == 1
    new_worker("--slots", 1)
    end_of(enqueue("noop"))
    health = manage("jobs_health", **ENVIRONMENT)

    assert health.returncode == 0, health.stdout + health.stderr
    assert "no worker serves probe_foreign: 1" in health.stdout
    assert end_of(job) == ("finished", None)
    new_worker("--slots", 1, "--until-empty").until_empty()


def test_58_people_see_and_change_them(new_worker: NewWorker, line: Line) -> None:
    user = UserFactory(is_staff=True, is_superuser=True)
    admin, api = Client(), APIClient()
    admin.force_login(user)
    api.force_authenticate(user)
    job, url = (job := enqueue("noop")), f"/api/jobs/{job.pk}/"

    assert str(job.pk) in admin.get("/admin/jobs/job/").text
    assert str(job.pk) in admin.get(f"/admin/jobs/job/{job.pk}/change/").text
    assert [entry["id"] for entry in api.get("/api/jobs/").json()["jobs"]] == [str(job.pk)]
    assert api.post(f"{url}cancel/").status_code == 200
    assert api.get(url).json()["error"]["kind"] == "cancelled"
    assert api.post(f"{url}retry/").status_code == 200
    assert api.get(url).json()["status"] == "pending"
    worker = new_worker("--slots", 2)
    assert end_of(job) == ("finished", None)
    assert api.get(url).json()["status"] == "finished"
    running = enqueue("sleep", {"seconds": 600})
    wait_until(lambda: is_run(running))
    assert f":{worker.pid}" in admin.get("/admin/jobs/worker/").text
    assert f":{worker.pid}" in admin.get(f"/admin/jobs/job/{running.pk}/change/").text
    assert f":{worker.pid}, seen " in admin.get("/admin/jobs/job/").text
