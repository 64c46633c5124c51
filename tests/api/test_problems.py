"""Errors that any request can meet, as problem details."""

import pytest
from django.db import DatabaseError
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from jobs.api.problems import Conflict, problem_details
from jobs.errors import InvalidPayload, JobLocked, NotStorable, TooLarge
from tests.api.conftest import JOBS, is_problem
from tests.factories import JobFactory


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_the_list_answers_get_alone(method: str, staff: APIClient) -> None:
    response = getattr(staff, method)(JOBS)

    assert response.headers["Allow"] == "GET, HEAD"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.status_code == 405
    assert response.json() == {
        "type": "about:blank",
        "title": "Method Not Allowed",
        "status": 405,
        "detail": f'Method "{method.upper()}" not allowed.',
    }


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_job_is_only_read(method: str, staff: APIClient) -> None:
    response = getattr(staff, method)(f"{JOBS}{JobFactory().pk}/")

    assert is_problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_retry_and_cancel_are_not_read(verb: str, staff: APIClient) -> None:
    response = staff.get(f"{JOBS}{JobFactory().pk}/{verb}/")

    assert is_problem(response, 405)
    assert response.headers["Allow"] == "POST"


def test_a_media_type_that_is_not_offered_is_refused(staff: APIClient) -> None:
    assert is_problem(staff.get(JOBS, headers={"Accept": "application/xml"}), 406)


def test_json_that_is_none_is_refused(staff: APIClient) -> None:
    response = staff.post(
        f"{JOBS}{JobFactory(failed=True).pk}/retry/", "{", content_type="application/json"
    )

    assert is_problem(response, 400)
    assert response.json()["detail"].startswith("JSON parse error")


def test_a_media_type_that_is_not_understood_is_refused(staff: APIClient) -> None:
    response = staff.post(
        f"{JOBS}{JobFactory(failed=True).pk}/retry/", "a,b", content_type="text/csv"
    )

    assert is_problem(response, 415)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/api/", "/api/nothing/", "/api/jobs/1/2/3/"])
def test_an_unknown_path_is_not_found(method: str, path: str, anonymous: APIClient) -> None:
    response = getattr(anonymous, method)(path)

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": f"There is nothing at {path}; GET /api/schema/ lists what there is.",
    }


def test_an_address_without_its_final_slash_is_redirected(staff: APIClient) -> None:
    response = staff.get("/api/jobs")

    assert response.status_code == 301
    assert response.headers["Location"] == JOBS


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (NotFound("No such source."), 404, "No such source."),
        (Conflict("It runs."), 409, "It runs."),
        (
            JobLocked(uuid7()),
            409,
            "is locked by another transaction; try again.",
        ),
        (InvalidPayload("probe", {"word": "missing"}), 400, "word: missing"),
        (TooLarge("probe: data", 3, 2), 400, "probe: data is 3 bytes of JSON; the limit is 2."),
        (NotStorable("data", "it is a list"), 400, "data cannot be stored as JSON: it is a list."),
    ],
)
def test_an_error_of_the_queue_becomes_a_problem(
    error: Exception, status: int, detail: str
) -> None:
    response = problem_details(error, {})

    assert response is not None
    assert response.status_code == status
    assert detail in response.data["detail"]


def test_a_field_inside_a_list_is_named_by_its_path() -> None:
    error = ValidationError({"rows": [{}, {"address": ["Empty.", "Odd."]}], "name": "Taken."})

    response = problem_details(error, {})

    assert response is not None
    assert response.data["errors"] == {"rows.address": ["Empty.", "Odd."], "name": ["Taken."]}


def test_an_error_of_no_field_is_one_of_the_request() -> None:
    response = problem_details(ValidationError("Too much."), {})

    assert response is not None
    assert response.data["errors"] == {"request": ["Too much."]}


def test_a_defect_is_no_problem_of_the_client() -> None:
    assert problem_details(DatabaseError("gone"), {}) is None
