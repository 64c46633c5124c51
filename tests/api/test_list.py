"""What the list of jobs shows, in which order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from tests.api.conftest import JOBS, ids
from tests.factories import JobFactory, UserFactory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Listed = Callable[..., list[str]]


def test_an_empty_list(staff: APIClient) -> None:
    response = staff.get(JOBS)

    assert response.json() == {
        "jobs": [],
        "pagination": {"total": 0, "offset": 0, "limit": 50, "hasNext": False},
    }


def test_a_job_is_shown_with_these_fields_in_this_order(staff: APIClient) -> None:
    entity, user = uuid7(), UserFactory()
    job = JobFactory(
        finished=True, user=user, entity_id=entity, created_at=NOON, finished_at=NOON,
        started_at=NOON,
    )  # fmt: skip

    (shown,) = staff.get(JOBS).json()["jobs"]

    assert list(shown.items()) == [
        ("id", str(job.pk)),
        ("type", "probe"),
        ("status", "finished"),
        ("data", {"word": "hello"}),
        ("result", {"letters": 5}),
        ("error", None),
        ("progress", None),
        ("user_id", str(user.pk)),
        ("entity_id", str(entity)),
        ("created_at", "2026-03-01T12:00:00Z"),
        ("updated_at", "2026-03-01T12:00:00Z"),
        ("started_at", "2026-03-01T12:00:00Z"),
        ("finished_at", "2026-03-01T12:00:00Z"),
        ("attempts", 1),
    ]


def test_a_failed_job_shows_its_error(staff: APIClient) -> None:
    JobFactory(failed=True)

    (shown,) = staff.get(JOBS).json()["jobs"]

    assert shown["error"] == {"kind": "exception", "message": "ValueError: no", "traceback": ""}


def test_a_running_job_shows_its_progress(staff: APIClient) -> None:
    JobFactory(processing=True, progress={"done": 1, "total": 4, "message": "reading"})

    (shown,) = staff.get(JOBS).json()["jobs"]

    assert shown["progress"] == {"done": 1, "total": 4, "message": "reading"}


def test_the_newest_comes_first(listed: Listed) -> None:
    old, new = JobFactory(created_at=NOON), JobFactory(created_at=NOON + timedelta(days=1))

    assert listed() == ids(new, old)


@pytest.mark.parametrize("column", ["created_at", "updated_at", "type", "status"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_the_list_is_ordered_as_asked(column: str, direction: str, listed: Listed) -> None:
    low = {"created_at": NOON, "updated_at": NOON, "type": "a", "finished": True}
    high = {"created_at": NOON + timedelta(1), "updated_at": NOON + timedelta(1), "type": "b"}
    # Each is the higher one in what is not asked for, so that only the asked order can be right.
    values = {name: low[name] for name in [column] if name != "status"}
    others = {name: high[name] for name in high if name != column}
    first = JobFactory(finished=column == "status", **(others | values))
    values = {name: high[name] for name in [column] if name != "status"}
    others = {name: low[name] for name in high if name != column}
    last = JobFactory(finished=column != "status", **(others | values))

    expected = ids(first, last) if direction == "asc" else ids(last, first)

    assert listed(orderBy=column, orderDirection=direction) == expected


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_ties_are_broken_by_id_in_the_same_direction(direction: str, listed: Listed) -> None:
    jobs = [JobFactory(created_at=NOON) for _ in range(5)]
    jobs.sort(key=lambda job: job.pk, reverse=direction == "desc")

    assert listed(orderDirection=direction) == ids(*jobs)


@pytest.mark.parametrize("column", ["created_at", "updated_at", "type", "status"])
def test_pages_of_ties_show_each_job_once(column: str, listed: Listed) -> None:
    jobs = [JobFactory(created_at=NOON) for _ in range(7)]

    pages = [listed(orderBy=column, limit=3, offset=offset) for offset in (0, 3, 6)]

    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(job for page in pages for job in page) == sorted(ids(*jobs))


def test_types_select(listed: Listed) -> None:
    JobFactory(type="retired")
    probe = JobFactory()

    assert listed(types="probe") == ids(probe)


@pytest.mark.parametrize(
    "given", [["pending,error"], ["pending", "error"], ["pending,error", "error"]]
)
def test_statuses_are_repeated_or_separated_by_commas(given: list[str], listed: Listed) -> None:
    JobFactory(finished=True)
    JobFactory(processing=True)
    error, pending = JobFactory(failed=True), JobFactory(pending=True)

    assert listed(statuses=given) == ids(pending, error)


def test_user_id_selects(listed: Listed) -> None:
    JobFactory(user=UserFactory())
    JobFactory()
    job = JobFactory(user=UserFactory())

    assert listed(userId=str(job.user.pk)) == ids(job)


def test_a_user_who_is_unknown_has_no_jobs(listed: Listed) -> None:
    JobFactory()

    assert listed(userId=str(uuid7())) == []


def test_filters_are_combined(listed: Listed) -> None:
    user = UserFactory()
    JobFactory(finished=True)
    JobFactory(user=user)
    JobFactory(finished=True, user=user, type="retired")
    job = JobFactory(finished=True, user=user)

    assert listed(types="probe", statuses="finished", userId=str(user.pk)) == ids(job)


def test_fifty_jobs_are_a_page_unless_another_limit_is_given(listed: Listed) -> None:
    JobFactory.create_batch(51)

    assert len(listed()) == 50
    assert len(listed(limit=100)) == 51
    assert len(listed(limit=1)) == 1


def queries(client: APIClient) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(JOBS).status_code == 200
    return len(captured)


def test_a_page_takes_two_queries_whatever_its_length(staff: APIClient) -> None:
    JobFactory(user=UserFactory())
    one = queries(staff)
    for _ in range(20):
        JobFactory(user=UserFactory())

    assert one == 2  # the types that there are, and the jobs
    assert queries(staff) == 2


def test_a_page_that_others_follow_takes_one_query_more(staff: APIClient) -> None:
    JobFactory.create_batch(51, user=UserFactory())

    assert queries(staff) == 3


def test_large_errors_of_earlier_attempts_are_not_read(staff: APIClient) -> None:
    JobFactory()

    with CaptureQueriesContext(connection) as captured:
        staff.get(JOBS)

    (rows,) = [query["sql"] for query in captured if '"jobs"."data"' in query["sql"]]
    assert '"jobs"."error"' in rows
    assert '"jobs"."errors"' not in rows
