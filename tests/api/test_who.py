"""Who may see and change which jobs."""

import base64

import pytest
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from jobs.models import Job
from tests.api.conftest import JOBS, is_problem
from tests.conftest import client_of
from tests.factories import JobFactory, UserFactory


def test_without_credentials_the_list_asks_for_them(anonymous: APIClient) -> None:
    response = anonymous.get(JOBS)

    assert response.headers["WWW-Authenticate"] == 'Basic realm="api"'
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.status_code == 401
    assert response.json() == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "Authentication credentials were not provided.",
    }


def test_the_list_is_not_for_users_who_are_no_administrators() -> None:
    response = client_of(UserFactory()).get(JOBS)

    assert is_problem(response, 403)
    assert response.json()["title"] == "Forbidden"


def test_an_administrator_sees_the_list_with_a_password(anonymous: APIClient) -> None:
    UserFactory(staff=True, username="ann", password="secret of ann")
    token = base64.b64encode(b"ann:secret of ann").decode()

    response = anonymous.get(JOBS, headers={"Authorization": f"Basic {token}"})

    assert response.status_code == 200


def test_a_wrong_password_is_refused(anonymous: APIClient) -> None:
    UserFactory(staff=True, username="ann", password="secret of ann")
    token = base64.b64encode(b"ann:a guess").decode()

    response = anonymous.get(JOBS, headers={"Authorization": f"Basic {token}"})

    assert is_problem(response, 401)


def test_an_administrator_sees_the_list_with_a_session() -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(UserFactory(staff=True))

    assert browser.get(JOBS).status_code == 200


def test_anybody_without_credentials_sees_no_job(anonymous: APIClient) -> None:
    assert is_problem(anonymous.get(f"{JOBS}{JobFactory().pk}/"), 401)


def test_an_administrator_sees_any_job(staff: APIClient) -> None:
    job = JobFactory(user=UserFactory())

    assert staff.get(f"{JOBS}{job.pk}/").json()["id"] == str(job.pk)


def test_an_owner_sees_the_own_job() -> None:
    job = JobFactory(user=UserFactory())

    response = client_of(job.user).get(f"{JOBS}{job.pk}/")

    assert response.json()["user_id"] == str(job.user.pk)


@pytest.mark.parametrize("owner", [True, False], ids=["another's", "nobody's"])
def test_a_job_that_is_not_the_own_is_not_found(owner: bool) -> None:
    job = JobFactory(user=UserFactory() if owner else None)

    assert is_problem(client_of(UserFactory()).get(f"{JOBS}{job.pk}/"), 404)


@pytest.mark.parametrize(
    "id", [pytest.param(str(uuid7()), id="of nothing"), "12", "not-a-uuid", "a.b", "%00"]
)
def test_a_job_that_does_not_exist_is_not_found(id: str, staff: APIClient) -> None:
    assert is_problem(staff.get(f"{JOBS}{id}/"), 404)


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_without_credentials_no_job_can_be_changed(verb: str, anonymous: APIClient) -> None:
    job = JobFactory()

    assert is_problem(anonymous.post(f"{JOBS}{job.pk}/{verb}/"), 401)
    assert Job.objects.get().status == Job.Status.PENDING


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_an_owner_cannot_change_a_job(verb: str) -> None:
    job = JobFactory(user=UserFactory())

    assert is_problem(client_of(job.user).post(f"{JOBS}{job.pk}/{verb}/"), 403)
    assert Job.objects.get().status == Job.Status.PENDING


def test_a_session_without_the_csrf_token_changes_nothing() -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(UserFactory(staff=True))
    job = JobFactory()

    response = browser.post(f"{JOBS}{job.pk}/cancel/")

    assert is_problem(response, 403)
    assert response.json()["detail"] == "CSRF Failed: CSRF cookie not set."
    assert Job.objects.get().status == Job.Status.PENDING


def test_a_session_with_the_csrf_token_changes_a_job() -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(UserFactory(staff=True))
    browser.cookies["csrftoken"] = token = "c" * 32
    job = JobFactory()

    response = browser.post(f"{JOBS}{job.pk}/cancel/", headers={"X-CSRFToken": token})

    assert response.json()["status"] == "error"
