"""Alice, who has a test, Bob, who has not, and an administrator."""

from typing import Any

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest
from tests.conftest import client_of
from tests.factories import UserFactory
from tests.pro_eligibility.factories import EligibilityTestFactory

TESTS = "/api/eligibility-tests/"


@pytest.fixture
def alice(db: None) -> APIClient:
    return client_of(UserFactory(username="alice"))


@pytest.fixture
def bob(db: None) -> APIClient:
    return client_of(UserFactory(username="bob"))


@pytest.fixture
def draft(alice: Any) -> EligibilityTest:
    """Alice's, of two addresses."""
    return EligibilityTestFactory(user=alice.user)


def path_of(test: EligibilityTest, rest: str = "") -> str:
    return f"{TESTS}{test.pk}/{rest}"


def is_problem(response: Response, status: int) -> bool:
    return (
        response.status_code == status
        and response.headers["Content-Type"] == "application/problem+json"
        and response.json()["status"] == status
    )
