"""What cannot be asked for, and how it is said."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from airtable_sync.models import SyncPlan
from jobs.models import Job
from tests.airtable_sync.api.conftest import BOTH, GEOMETRIES, HEAT, is_problem

KNOWN = "reseaux-de-chaleur, reseaux-de-froid, reseaux-en-construction"


@BOTH
@pytest.mark.parametrize(
    ("content", "field", "reason"),
    [
        ({}, "name", "missing"),
        ({"name": "rivers"}, "name", f"not a table; there are {KNOWN}, given 'rivers'"),
        (
            {"name": HEAT, "dry": True},
            "dry",
            "unknown field; this type takes name, dry_run, plan_id, also",
        ),
        (
            {"name": HEAT, "dry_run": "perhaps"},
            "dry_run",
            "Input should be a valid boolean, unable to interpret input, given 'perhaps'",
        ),
        (
            {"name": HEAT, "plan_id": 0},
            "plan_id",
            "Input should be greater than or equal to 1, given 0",
        ),
        (
            {"name": HEAT, "plan_id": 1, "also": ["rivers"]},
            "also.0",
            "Input should be 'conflicts', 'held' or 'orphans', given 'rivers'",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    path: str, content: dict[str, Any], field: str, reason: str, staff: APIClient
) -> None:
    response = staff.post(path, content, format="json")

    assert is_problem(response, 400)
    assert response.json()["errors"] == {field: [reason]}
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("content", "field", "reason"),
    [
        (
            {"dry_run": True, "plan_id": 1},
            "plan_id",
            "dry_run makes a plan and plan_id applies one; give one of them, given 1",
        ),
        (
            {"also": ["orphans"]},
            "also",
            "it is about the lines of a plan; give its plan_id, given ['orphans']",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(
    content: dict[str, Any], field: str, reason: str, staff: APIClient
) -> None:
    response = staff.post(GEOMETRIES, {"name": HEAT} | content, format="json")

    assert is_problem(response, 400)
    assert response.json()["errors"] == {field: [reason]}


def test_what_is_said_twice_is_said_once(plan: SyncPlan, staff: APIClient) -> None:
    content = {"name": HEAT, "plan_id": plan.pk, "also": ["orphans", "conflicts"] * 40}

    response = staff.post(GEOMETRIES, content, format="json")

    assert response.json()["data"]["also"] == ["conflicts", "orphans"]


def test_a_plan_of_nothing_but_conflicts_is_not_used_up(plan: SyncPlan, staff: APIClient) -> None:
    plan.changes.create(action="conflict", key=1, cells={"region": ["a", "b"]})
    SyncPlan.objects.filter(pk=plan.pk).update(counts={"conflict": 1})

    response = staff.post(GEOMETRIES, {"name": HEAT, "plan_id": plan.pk}, format="json")

    assert is_problem(response, 409)
    assert response.json()["detail"] == (
        f"{plan} changes nothing by itself; say what else of it is to be applied."
    )


def test_a_plan_of_another_base_is_refused(plan: SyncPlan, staff: APIClient) -> None:
    SyncPlan.objects.filter(pk=plan.pk).update(base="appOther")

    response = staff.post(GEOMETRIES, {"name": HEAT, "plan_id": plan.pk}, format="json")

    assert is_problem(response, 400)


@BOTH
@pytest.mark.parametrize("content", [[], [HEAT], HEAT, None, 5])
def test_what_is_no_object_is_refused(path: str, content: Any, staff: APIClient) -> None:
    assert is_problem(staff.post(path, content, format="json"), 400)


def test_a_field_of_a_form_is_named_too(staff: APIClient) -> None:
    response = staff.post(GEOMETRIES, {"name": HEAT, "plan_id": "soon"}, format="multipart")

    assert is_problem(response, 400)
    assert list(response.json()["errors"]) == ["plan_id"]


@BOTH
def test_without_a_key_it_is_said_what_to_set(path: str, staff: APIClient, settings: Any) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": ""}

    response = staff.post(path, {"name": HEAT}, format="json")

    assert is_problem(response, 409)
    assert response.json()["detail"] == (
        "Airtable is not configured: AIRTABLE_API_KEY not set. Set AIRTABLE_API_KEY to a personal "
        "access token and AIRTABLE_BASE to the id of the base, which begins with app; then run "
        "`manage.py airtable_check`."
    )
    assert not Job.objects.exists()


@BOTH
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_other_methods_are_refused(path: str, method: str, staff: APIClient) -> None:
    response = getattr(staff, method)(path)

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
