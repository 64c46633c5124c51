"""The filters of the list."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.registry import JobType
from tests.admin.conftest import LIST, listed, said, text
from tests.factories import JobFactory, UserFactory


def test_by_status(viewer: Client) -> None:
    JobFactory(finished=True)
    failed = JobFactory(failed=True)

    assert listed(viewer.get(LIST, {"status": "error"})) == [failed]


def test_by_type(viewer: Client) -> None:
    probe, _ = JobFactory(type="probe"), JobFactory(type="other")

    assert listed(viewer.get(LIST, {"type": "probe"})) == [probe]


def test_a_status_that_does_not_exist_has_no_jobs(viewer: Client) -> None:
    JobFactory()

    assert listed(viewer.get(LIST, {"status": "lost"})) == []


def test_a_search_for_nothing_leaves_the_filters_alone(viewer: Client) -> None:
    JobFactory(finished=True)
    failed = JobFactory(failed=True)

    assert listed(viewer.get(LIST, {"status": "error", "q": " - "})) == [failed]


def test_the_types_come_from_the_registry(viewer: Client, probe_type: JobType) -> None:
    JobFactory(type="retired")

    with CaptureQueriesContext(connection) as asked:
        response = viewer.get(LIST)

    choices = response.context["cl"].filter_specs[1].lookup_choices
    assert ("probe", "probe") in choices
    assert ("retired", "retired") not in choices
    assert [sql for sql in map(str, asked.captured_queries) if "DISTINCT" in sql] == []


def test_a_retired_type_can_be_asked_for(viewer: Client) -> None:
    retired, _ = JobFactory(type="retired"), JobFactory()

    response = viewer.get(LIST, {"type": "retired"})

    assert listed(response) == [retired]
    assert ("retired", "retired") in response.context["cl"].filter_specs[1].lookup_choices


def test_by_age(viewer: Client) -> None:
    now = timezone.now()
    ages = {"hour": 0.5, "day": 23, "week": 167, "month": 700, "": 10_000}
    jobs = [JobFactory(created_at=now - timedelta(hours=hours)) for hours in ages.values()]

    for count, age in enumerate(ages, start=1):
        assert listed(viewer.get(LIST, {"age": age})) == jobs[:count]


def test_by_days_in_local_time(viewer: Client) -> None:
    times = ["2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z", "2026-03-01T22:59:59Z"]
    before, first, last = (JobFactory(created_at=at(time)) for time in times)
    after = JobFactory(created_at=at("2026-03-01T23:00:00Z"))

    assert listed(viewer.get(LIST, {"from": "2026-03-01", "until": "2026-03-01"})) == [last, first]
    assert listed(viewer.get(LIST, {"from": "2026-03-01"})) == [after, last, first]
    assert listed(viewer.get(LIST, {"until": "2026-03-01"})) == [last, first, before]


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_what_is_not_a_day_finds_nothing_and_says_why(viewer: Client, day: str) -> None:
    JobFactory()

    response = viewer.get(LIST, {"from": day})

    assert listed(response) == []
    assert said(response) == ["That is not a day. Give it as YYYY-MM-DD."]


def test_by_the_name_of_the_owner(viewer: Client) -> None:
    hers, _ = JobFactory(user=UserFactory(username="nadia")), JobFactory(user=UserFactory())

    assert listed(viewer.get(LIST, {"owner": "nadia"})) == [hers]


def test_by_the_id_of_the_owner(viewer: Client) -> None:
    hers, _ = JobFactory(user=UserFactory()), JobFactory(user=UserFactory())

    assert listed(viewer.get(LIST, {"owner": str(hers.user_id)})) == [hers]
    assert listed(viewer.get(LIST, {"user__id__exact": str(hers.user_id)})) == [hers]


def test_by_no_owner(viewer: Client) -> None:
    system, _ = JobFactory(user=None), JobFactory(user=UserFactory())

    assert listed(viewer.get(LIST, {"owner": "-"})) == [system]


@pytest.mark.parametrize("owner", ["nobody", pytest.param(str(uuid4()), id="an id"), "%"])
def test_an_unknown_owner_finds_nothing_and_says_so(viewer: Client, owner: str) -> None:
    JobFactory(user=UserFactory(), status="pending")

    response = viewer.get(LIST, {"owner": owner})

    assert listed(response) == []
    assert said(response) == [f"There is no user “{owner}”."]


def test_the_owner_is_typed_because_the_users_are_not_listed(viewer: Client) -> None:
    UserFactory(username="somebody.else")

    assert "somebody.else" not in text(viewer.get(LIST))


def test_a_filter_keeps_the_others(viewer: Client) -> None:
    html = viewer.get(LIST, {"status": "error", "type": "probe"}).content.decode()

    assert '<input type="hidden" name="status" value="error">' in html
    assert 'href="?owner=-&amp;status=error&amp;type=probe"' in html


def test_filters_can_be_combined(viewer: Client) -> None:
    nadia = UserFactory(username="nadia")
    wanted = JobFactory(failed=True, user=nadia)
    JobFactory(failed=True)
    JobFactory(finished=True, user=nadia)

    assert listed(viewer.get(LIST, {"status": "error", "owner": "nadia"})) == [wanted]


@pytest.mark.parametrize(
    "lookup", ["data__name", "result__isnull", "errors__icontains", "user__password__startswith"]
)
def test_no_other_column_can_be_asked_for(
    viewer: Client, lookup: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert viewer.get(LIST, {lookup: "a"}).status_code == 400


def at(moment: str) -> Any:
    return timezone.datetime.fromisoformat(moment)
