"""GET /api/eligibility-tests/"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest
from tests.factories import JobFactory, UserFactory
from tests.pro_eligibility.api.conftest import TESTS
from tests.pro_eligibility.factories import AddressRowFactory, EligibilityTestFactory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def names(client: APIClient, **parameters: Any) -> list[str]:
    return [test["name"] for test in client.get(TESTS, parameters).json()["tests"]]


def test_an_empty_list(alice: APIClient) -> None:
    assert alice.get(TESTS).json() == {
        "tests": [],
        "pagination": {"total": 0, "offset": 0, "limit": 50, "hasNext": False},
    }


def test_a_test_is_shown_with_these_fields_in_this_order(alice: Any) -> None:
    test = EligibilityTestFactory(
        user=alice.user, name="Gaz", created_at=NOON, updated_at=NOON, estimated_end_at=NOON,
        job=JobFactory(processing=True, progress={"done": 1, "total": 2, "message": "geocoding"}),
    )  # fmt: skip

    (shown,) = alice.get(TESTS).json()["tests"]

    assert list(shown.items()) == [
        ("id", str(test.pk)),
        ("name", "Gaz"),
        ("user_id", str(alice.user.pk)),
        ("stage", "running"),
        ("row_count", 2),
        ("score_threshold", 60),
        ("wants_mail", False),
        ("has_unseen_results", False),
        ("has_unseen_changes", False),
        ("data_version", ""),
        ("created_at", "2026-03-01T12:00:00Z"),
        ("updated_at", "2026-03-01T12:00:00Z"),
        ("estimated_end_at", "2026-03-01T12:00:00Z"),
        ("completed_at", None),
        ("purged_at", None),
        (
            "job",
            {
                "id": str(test.job.pk),
                "status": "processing",
                "progress": {"done": 1, "total": 2, "message": "geocoding"},
                "error": None,
            },
        ),
    ]


def test_the_newest_comes_first(alice: Any) -> None:
    EligibilityTestFactory(user=alice.user, name="old", created_at=NOON)
    EligibilityTestFactory(user=alice.user, name="new", created_at=NOON + timedelta(days=1))

    assert names(alice) == ["new", "old"]


def test_users_see_their_own(alice: APIClient, bob: Any, draft: EligibilityTest) -> None:
    EligibilityTestFactory(user=bob.user)

    assert names(alice) == [draft.name]


def test_administrators_see_all(staff: APIClient) -> None:
    EligibilityTestFactory(name="a", user=UserFactory())
    EligibilityTestFactory(name="b", user=UserFactory())

    assert sorted(names(staff)) == ["a", "b"]


def test_administrators_may_ask_for_those_of_a_user(
    staff: APIClient, alice: Any, draft: EligibilityTest
) -> None:
    EligibilityTestFactory(user=UserFactory())

    assert names(staff, userId=str(alice.user.pk)) == [draft.name]


def test_users_get_nobody_else_s_by_asking(bob: APIClient, draft: EligibilityTest) -> None:
    assert names(bob, userId=str(draft.user.pk)) == []


def test_deleted_tests_are_not_listed(alice: APIClient, draft: EligibilityTest) -> None:
    EligibilityTest.objects.update(deleted_at=NOON)

    assert names(alice) == []


def test_pages_show_each_test_once(alice: Any) -> None:
    made = EligibilityTestFactory.create_batch(5, user=alice.user, created_at=NOON)

    pages = [names(alice, limit=2, offset=offset) for offset in (0, 2, 4)]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert {name for page in pages for name in page} == {test.name for test in made}


def test_a_page_says_whether_others_follow(alice: Any) -> None:
    EligibilityTestFactory.create_batch(3, user=alice.user)

    first = alice.get(TESTS, {"limit": 2}).json()["pagination"]
    last = alice.get(TESTS, {"limit": 2, "offset": 2}).json()["pagination"]

    assert first == {"total": 3, "offset": 0, "limit": 2, "hasNext": True}
    assert last == {"total": 3, "offset": 2, "limit": 2, "hasNext": False}


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"page": "2"}, "Unknown parameter; this takes limit, offset, userId."),
        ({"limit": "0"}, "Given '0'; it takes a whole number from 1 to 100."),
        ({"limit": ["1", "2"]}, "Given 2 times; it takes a whole number from 1 to 100, once."),
        ({"offset": ""}, "Given ''; it takes a whole number from 0 to 1,000,000."),
        ({"userId": "ann"}, "Given 'ann'; it takes the UUID of a user."),
    ],
)
def test_a_wrong_parameter_is_named_with_what_it_takes(
    parameters: dict[str, Any], problem: str, alice: APIClient
) -> None:
    response = alice.get(TESTS, parameters)

    (name,) = parameters
    assert response.status_code == 400
    assert response.json()["errors"] == {name: [problem]}


def test_a_page_takes_few_queries_whatever_its_length(
    alice: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        AddressRowFactory(test=EligibilityTestFactory(user=alice.user, job=JobFactory()))

    with django_assert_max_num_queries(2):
        assert len(names(alice)) == 10
