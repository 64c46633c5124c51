"""POST /api/tiles/{source}/build/"""

import pytest
from rest_framework.test import APIClient

from jobs.models import Job
from tests.conftest import client_of
from tests.factories import UserFactory
from tiles.sources import tile_sources

pytestmark = pytest.mark.django_db

PATH = "/api/tiles/communes/build/"


def test_an_administrator_enqueues_a_build(staff):
    response = staff.post(PATH)

    job = Job.objects.get()
    assert response.status_code == 202
    assert response["Location"] == f"/api/jobs/{job.pk}/"
    assert response.json()["id"] == str(job.pk)
    assert response.json()["type"] == "build_tiles"
    assert response.json()["status"] == "pending"
    assert response.json()["data"] == {"name": "communes"}
    assert response.json()["user_id"] == str(staff.user.pk)


def test_the_location_leads_to_the_job(staff):
    response = staff.post(PATH)

    assert staff.get(response["Location"]).json() == response.json()


def test_a_build_that_waits_already_is_the_answer(staff):
    first = staff.post(PATH).json()
    second = staff.post(PATH).json()

    assert second["id"] == first["id"]
    assert Job.objects.count() == 1


def test_each_source_waits_for_itself(staff):
    staff.post(PATH)
    staff.post("/api/tiles/reseaux-de-chaleur/build/")

    assert Job.objects.count() == 2


def test_an_unknown_source_is_answered_with_the_known_ones(staff):
    response = staff.post("/api/tiles/rivers/build/")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == (
        f"No tile source 'rivers'. There are: {', '.join(tile_sources.names())}."
    )
    assert not Job.objects.exists()


def test_content_is_refused(staff):
    response = staff.post(PATH, {"name": "rivers"}, format="json")

    assert response.status_code == 400
    assert response.json()["detail"] == "This request takes no content; send an empty body."
    assert not Job.objects.exists()


def test_a_stranger_is_asked_to_sign_in():
    response = APIClient().post(PATH)

    assert response.status_code == 401
    assert not Job.objects.exists()


def test_other_users_are_refused():
    response = client_of(UserFactory()).post(PATH)

    assert response.status_code == 403
    assert not Job.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_are_refused(staff, method):
    assert getattr(staff, method)(PATH).status_code == 405


def test_the_schema_describes_it(client):
    operation = client.get("/api/schema/").json()["paths"]["/api/tiles/{source}/build/"]["post"]

    assert "202" in operation["responses"]
