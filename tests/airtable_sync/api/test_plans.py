"""Applying a plan by its number."""

import pytest
from rest_framework.test import APIClient

from airtable_sync.models import SyncPlan
from jobs.models import Job
from tests.airtable_sync.api.conftest import COLD, GEOMETRIES, HEAT, METADATA, is_problem


def test_a_plan_is_applied(plan: SyncPlan, staff: APIClient) -> None:
    response = staff.post(GEOMETRIES, {"name": HEAT, "plan_id": plan.pk}, format="json")

    assert response.status_code == 202
    assert response.json()["data"]["plan_id"] == plan.pk


@pytest.mark.parametrize("format", ["json", "multipart"])
def test_more_of_it_is_applied_on_demand(format: str, plan: SyncPlan, staff: APIClient) -> None:
    content = {"name": HEAT, "plan_id": plan.pk, "also": ["conflicts", "orphans"]}

    response = staff.post(GEOMETRIES, content, format=format)

    assert response.json()["data"]["also"] == ["conflicts", "orphans"]


def test_a_plan_that_is_none_is_refused(plan: SyncPlan, staff: APIClient) -> None:
    plan.delete()

    response = staff.post(GEOMETRIES, {"name": HEAT, "plan_id": 4}, format="json")

    assert is_problem(response, 400)
    assert response.json()["errors"] == {
        "plan_id": [
            f"There is no plan 4 of {HEAT} to Airtable. The admin lists the plans of every table."
        ]
    }
    assert not Job.objects.exists()


@pytest.mark.parametrize(("path", "name"), [(GEOMETRIES, COLD), (METADATA, HEAT)])
def test_a_plan_of_another_table_or_direction_is_refused(
    path: str, name: str, plan: SyncPlan, staff: APIClient
) -> None:
    response = staff.post(path, {"name": name, "plan_id": plan.pk}, format="json")

    assert is_problem(response, 400)
    assert list(response.json()["errors"]) == ["plan_id"]
    assert not Job.objects.exists()


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_no_number_is_too_large_to_be_refused(number: int, staff: APIClient) -> None:
    response = staff.post(GEOMETRIES, {"name": HEAT, "plan_id": number}, format="json")

    assert is_problem(response, 400)


@pytest.mark.parametrize("state", ["applying", "applied", "interrupted", "undone"])
def test_a_plan_that_does_not_wait_any_more_is_a_conflict(
    state: str, plan: SyncPlan, staff: APIClient
) -> None:
    SyncPlan.objects.update(state=state)
    plan.refresh_from_db()

    response = staff.post(GEOMETRIES, {"name": HEAT, "plan_id": plan.pk}, format="json")

    assert is_problem(response, 409)
    assert response.json()["detail"] == (
        f"{plan} is {plan.get_state_display()}; only a plan that waits can be applied. "
        "Make another."
    )
    assert not Job.objects.exists()
