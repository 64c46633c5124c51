"""Retrying and cancelling a job."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client
from rest_framework.test import APIClient

from jobs.models import Job
from tests.api.conftest import JOBS, is_problem
from tests.factories import JobFactory, UserFactory


def test_a_failed_job_is_retried(staff: APIClient) -> None:
    job = JobFactory(failed=True)

    response = staff.post(f"{JOBS}{job.pk}/retry/")

    shown = response.json()
    assert response.status_code == 200
    assert (shown["id"], shown["status"], shown["error"]) == (str(job.pk), "pending", None)
    assert Job.objects.get().status == Job.Status.PENDING


@pytest.mark.parametrize("status", ["pending", "processing", "finished"])
def test_another_job_cannot_be_retried(status: str, staff: APIClient) -> None:
    job = JobFactory(**{status: True})

    response = staff.post(f"{JOBS}{job.pk}/retry/")

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": f"Job {job.pk} is {status}; only a job that is in error can be retried.",
    }
    assert Job.objects.get().status == status


def test_a_pending_job_is_cancelled(staff: APIClient) -> None:
    job = JobFactory(pending=True)

    response = staff.post(f"{JOBS}{job.pk}/cancel/")

    assert response.status_code == 200
    assert response.json()["status"] == "error"
    assert response.json()["error"]["kind"] == "cancelled"


def test_a_running_job_is_asked_to_stop(staff: APIClient) -> None:
    job = JobFactory(processing=True)

    response = staff.post(f"{JOBS}{job.pk}/cancel/")

    assert response.json()["status"] == "processing"
    assert Job.objects.get().cancel_requested_at is not None


@pytest.mark.parametrize(("trait", "status"), [("finished", "finished"), ("failed", "error")])
def test_a_job_that_has_ended_cannot_be_cancelled(
    trait: str, status: str, staff: APIClient
) -> None:
    job = JobFactory(**{trait: True})

    response = staff.post(f"{JOBS}{job.pk}/cancel/")

    assert response.status_code == 409
    assert response.json()["detail"] == (
        f"Job {job.pk} is {status}; only a job that is pending or processing can be cancelled."
    )


@pytest.mark.parametrize(
    ("trait", "verb", "message"),
    [("failed", "retry", "Retried."), ("pending", "cancel", "Cancelled.")],
)
def test_the_history_says_who_did_it(trait: str, verb: str, message: str, staff: APIClient) -> None:
    job = JobFactory(**{trait: True})

    staff.post(f"{JOBS}{job.pk}/{verb}/")

    entry = LogEntry.objects.get()
    assert entry.user == staff.user
    assert entry.get_edited_object() == job
    assert (entry.action_flag, entry.get_change_message()) == (CHANGE, message)


def test_what_was_refused_is_not_in_the_history(staff: APIClient) -> None:
    staff.post(f"{JOBS}{JobFactory(finished=True).pk}/cancel/")

    assert not LogEntry.objects.exists()


def test_a_change_that_cannot_be_recorded_is_not_made(
    staff: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = JobFactory(failed=True)
    monkeypatch.setattr(LogEntry.objects.__class__, "log_actions", broken)

    with pytest.raises(RuntimeError, match="no history"):
        staff.post(f"{JOBS}{job.pk}/retry/")

    assert Job.objects.get().status == Job.Status.ERROR


def broken(*args: object, **kwargs: object) -> None:
    raise RuntimeError("no history")


@pytest.mark.parametrize("verb", ["retry", "cancel"])
@pytest.mark.parametrize("id", ["00000000-0000-7000-8000-000000000000", "x"])
def test_a_job_that_does_not_exist_is_not_found(verb: str, id: str, staff: APIClient) -> None:
    assert is_problem(staff.post(f"{JOBS}{id}/{verb}/"), 404)


def test_an_empty_form_is_no_content() -> None:
    browser = Client()
    browser.force_login(UserFactory(staff=True))
    job = JobFactory(failed=True)

    assert browser.post(f"{JOBS}{job.pk}/retry/").status_code == 200


def test_content_is_refused(staff: APIClient) -> None:
    job = JobFactory(failed=True)

    response = staff.post(f"{JOBS}{job.pk}/retry/", {"force": True}, format="json")

    assert is_problem(response, 400)
    assert response.json()["detail"] == "This request takes no content; send an empty body."
    assert Job.objects.get().status == Job.Status.ERROR
