"""How many jobs the list says there are."""

from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.api.conftest import JOBS
from tests.factories import JobFactory

FILL = """
INSERT INTO jobs (id, type, data, priority, due, unique_key, max_attempts)
SELECT md5(n::text)::uuid, 'probe', '{}', 0, true, '', 1
FROM generate_series(1, %s) AS n
"""


def fill(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, [count])
        cursor.execute("ANALYZE jobs")


def pagination(client: APIClient, **parameters: Any) -> tuple[dict[str, Any], str | None]:
    response = client.get(JOBS, parameters)
    return response.json()["pagination"], response.headers.get("X-Total-Estimate")


def test_the_total_counts_what_the_filters_select(staff: APIClient) -> None:
    JobFactory.create_batch(3)
    JobFactory.create_batch(2, finished=True)

    page, _ = pagination(staff, statuses="pending", limit=1)

    assert page == {"total": 3, "offset": 0, "limit": 1, "hasNext": True}


@pytest.mark.parametrize(
    ("offset", "limit", "has_next"), [(0, 2, True), (0, 3, False), (1, 2, False), (9, 1, False)]
)
def test_has_next_says_whether_more_follow(
    offset: int, limit: int, has_next: bool, staff: APIClient
) -> None:
    JobFactory.create_batch(3)

    page, _ = pagination(staff, offset=offset, limit=limit)

    assert page == {"total": 3, "offset": offset, "limit": limit, "hasNext": has_next}


def test_ten_thousand_are_counted(staff: APIClient) -> None:
    fill(10_000)

    page, estimate = pagination(staff)

    assert page["total"] == 10_000
    assert estimate is None


def test_more_than_ten_thousand_are_estimated(staff: APIClient) -> None:
    fill(20_000)

    page, estimate = pagination(staff)

    assert page["total"] == 20_000  # freshly analyzed, the planner is right
    assert page["hasNext"] is True
    assert estimate == "true"


def test_an_estimate_is_of_what_the_filters_select(staff: APIClient) -> None:
    fill(20_000)
    JobFactory(finished=True)

    page, estimate = pagination(staff, statuses="finished")

    assert page["total"] == 1
    assert estimate is None


def test_an_estimate_is_never_below_what_was_counted(staff: APIClient) -> None:
    fill(1)
    with connection.cursor() as cursor:
        # More, of which the planner does not know.
        cursor.execute(FILL.replace("generate_series(1,", "generate_series(2,"), [10_500])
        cursor.execute("UPDATE pg_class SET reltuples = 1, relpages = 1 WHERE relname = 'jobs'")

    page, estimate = pagination(staff)

    assert page["total"] >= 10_001
    assert estimate == "true"


def test_the_last_page_of_many_ends_the_total(staff: APIClient) -> None:
    fill(10_020)

    page, estimate = pagination(staff, offset=10_000)

    assert page == {"total": 10_020, "offset": 10_000, "limit": 50, "hasNext": False}
    assert estimate == "true"


def test_after_the_end_nothing_follows(staff: APIClient) -> None:
    fill(10_020)

    page, estimate = pagination(staff, offset=1_000_000)

    assert page == {"total": 10_020, "offset": 1_000_000, "limit": 50, "hasNext": False}
    assert estimate == "true"
