"""POST /api/airtable/sync-geometries/ and sync-metadata/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from jobs.models import Job
from tests.airtable_sync.api.conftest import BOTH, COLD, GEOMETRIES, HEAT, METADATA


@pytest.mark.parametrize(
    ("path", "type"),
    [
        (GEOMETRIES, "sync_geometries_to_airtable"),
        (METADATA, "sync_metadata_from_airtable"),
    ],
)
def test_an_administrator_is_answered_with_the_job(path: str, type: str, staff: Any) -> None:
    response = staff.post(path, {"name": HEAT}, format="json")

    job = Job.objects.get()
    assert response.status_code == 202
    assert response["Location"] == f"/api/jobs/{job.pk}/"
    assert response.json()["id"] == str(job.pk)
    assert response.json()["type"] == type
    assert response.json()["status"] == "pending"
    assert response.json()["data"]["name"] == HEAT
    assert response.json()["user_id"] == str(staff.user.pk)


@BOTH
def test_the_location_leads_to_the_job(path: str, staff: APIClient) -> None:
    response = staff.post(path, {"name": HEAT}, format="json")

    assert staff.get(response["Location"]).json() == response.json()


@BOTH
def test_a_dry_run_is_one(path: str, staff: APIClient) -> None:
    response = staff.post(path, {"name": HEAT, "dry_run": True}, format="json")

    assert response.json()["data"]["dry_run"] is True


@BOTH
def test_a_sync_that_waits_already_is_the_answer(path: str, staff: APIClient) -> None:
    first = staff.post(path, {"name": HEAT}, format="json").json()
    second = staff.post(path, {"name": HEAT}, format="json").json()

    assert second["id"] == first["id"]
    assert Job.objects.count() == 1


def test_d_4_1_each_table_is_synced_for_itself(staff: APIClient) -> None:
    staff.post(GEOMETRIES, {"name": HEAT}, format="json")
    staff.post(GEOMETRIES, {"name": COLD}, format="json")

    assert [job.data["name"] for job in Job.objects.order_by("id")] == [HEAT, COLD]


def test_the_directions_do_not_wait_for_each_other(staff: APIClient) -> None:
    staff.post(GEOMETRIES, {"name": HEAT}, format="json")
    staff.post(METADATA, {"name": HEAT}, format="json")

    assert Job.objects.count() == 2


@BOTH
def test_a_form_will_do(path: str, staff: APIClient) -> None:
    response = staff.post(path, {"name": HEAT, "dry_run": "true"}, format="multipart")

    assert response.status_code == 202
    assert response.json()["data"]["dry_run"] is True
