"""Only administrators sync."""

from rest_framework.test import APIClient

from jobs.models import Job
from tests.airtable_sync.api.conftest import BOTH, HEAT, is_problem
from tests.conftest import client_of
from tests.factories import UserFactory


@BOTH
def test_a_stranger_is_asked_to_sign_in(path: str, anonymous: APIClient) -> None:
    response = anonymous.post(path, {"name": HEAT}, format="json")

    assert is_problem(response, 401)
    assert not Job.objects.exists()


@BOTH
def test_other_users_are_refused(path: str) -> None:
    response = client_of(UserFactory()).post(path, {"name": HEAT}, format="json")

    assert is_problem(response, 403)
    assert not Job.objects.exists()
