"""What each parameter of the list refuses, and how it says so."""

import pytest
from rest_framework.test import APIClient

from jobs.registry import job_types
from tests.api.conftest import JOBS
from tests.factories import JobFactory

TYPES = f"one or more of {', '.join(sorted([*job_types.names(), 'probe']))}"
STATUSES = "one or more of pending, processing, finished, error"
USER = "the UUID of a user"
LIMIT = "a whole number from 1 to 100"
OFFSET = "a whole number from 0 to 1,000,000"
ORDER = "one of created_at, updated_at, type, status"
DIRECTION = "one of desc, asc"


@pytest.mark.parametrize(
    ("name", "given", "takes"),
    [
        ("types", "nothing", TYPES),
        ("types", "probe,nothing", TYPES),
        ("types", "probe,", TYPES),
        ("types", "", TYPES),
        ("types", "Probe", TYPES),
        ("types", "\x00", TYPES),
        ("statuses", "done", STATUSES),
        ("statuses", "pending,done", STATUSES),
        ("statuses", "", STATUSES),
        ("userId", "7", USER),
        ("userId", "", USER),
        ("userId", " ", USER),
        ("limit", "0", LIMIT),
        ("limit", "101", LIMIT),
        ("limit", "-1", LIMIT),
        ("limit", "many", LIMIT),
        ("limit", "5.0", LIMIT),
        ("limit", "1e1", LIMIT),
        ("limit", "1_0", LIMIT),
        ("limit", "٥", LIMIT),
        ("limit", " 5", LIMIT),
        ("limit", "9" * 30, LIMIT),
        ("limit", "", LIMIT),
        ("offset", "-1", OFFSET),
        ("offset", "1000001", OFFSET),
        ("offset", "x", OFFSET),
        ("offset", "", OFFSET),
        ("orderBy", "id", ORDER),
        ("orderBy", "-created_at", ORDER),
        ("orderBy", "", ORDER),
        ("orderDirection", "DESC", DIRECTION),
        ("orderDirection", "", DIRECTION),
    ],
)
def test_a_wrong_value_is_refused_with_what_the_parameter_takes(
    name: str, given: str, takes: str, staff: APIClient
) -> None:
    response = staff.get(JOBS, {name: given})

    assert response.status_code == 400
    assert response.json()["errors"] == {name: [f"Given {given!r}; it takes {takes}."]}


def test_a_long_value_is_not_repeated_whole(staff: APIClient) -> None:
    response = staff.get(JOBS, {"orderBy": "x" * 5_000})

    assert response.json()["errors"] == {"orderBy": [f"Given '{'x' * 99}; it takes {ORDER}."]}


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("userId", "5f8d8a0e-3f43-4f7b-8a55-6f5f3b3e0c11", USER),
        ("limit", "5", LIMIT),
        ("offset", "5", OFFSET),
        ("orderBy", "type", ORDER),
        ("orderDirection", "asc", DIRECTION),
    ],
)
def test_what_takes_one_value_is_refused_twice(
    name: str, value: str, takes: str, staff: APIClient
) -> None:
    response = staff.get(JOBS, {name: [value, value]})

    assert response.status_code == 400
    assert response.json()["errors"] == {name: [f"Given 2 times; it takes {takes}, once."]}


@pytest.mark.parametrize("name", ["page", "format", "type", "userid", "user_id"])
def test_an_unknown_parameter_is_refused(name: str, staff: APIClient) -> None:
    response = staff.get(JOBS, {name: "json"})

    assert response.status_code == 400
    assert response.json()["errors"] == {
        name: [
            "Unknown parameter; the list takes limit, offset, orderBy, orderDirection, statuses, "
            "types, userId."
        ]
    }


def test_every_wrong_parameter_is_named_at_once(staff: APIClient) -> None:
    response = staff.get(JOBS, {"limit": "0", "page": "2", "types": "probe"})

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": (
            "limit: Given '0'; it takes a whole number from 1 to 100; "
            "page: Unknown parameter; the list takes limit, offset, orderBy, orderDirection, "
            "statuses, types, userId."
        ),
        "errors": {
            "limit": ["Given '0'; it takes a whole number from 1 to 100."],
            "page": [
                "Unknown parameter; the list takes limit, offset, orderBy, orderDirection, "
                "statuses, types, userId."
            ],
        },
    }


@pytest.mark.parametrize(
    ("name", "value"), [("limit", "1"), ("limit", "100"), ("offset", "0"), ("offset", "1000000")]
)
def test_the_ends_of_each_range_are_accepted(name: str, value: str, staff: APIClient) -> None:
    JobFactory()

    response = staff.get(JOBS, {name: value})

    assert response.json()["pagination"][name] == int(value)
