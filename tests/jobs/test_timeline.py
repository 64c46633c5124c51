"""The jobs by age, merged from many indexes: in order, each once, none missing."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.timeline import Timeline
from tests.factories import JobFactory, UserFactory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TYPES = ["build", "paint", "sing"]
TRAITS = ["pending", "processing", "finished", "failed"]


@pytest.fixture
def jobs(db: None) -> list[Job]:
    """One of each type and status for nobody, one for a user; three are made at each moment."""
    users = [None, UserFactory(username="nadia")]
    return [
        JobFactory(
            **{trait: True}, type=name, user=user, created_at=NOON + timedelta(minutes=place // 3)
        )
        for place, (trait, name, user) in enumerate(product(TRAITS, TYPES, users))
    ]


def timeline(**options: object) -> Timeline:
    every = Job.objects.all()
    return Timeline(**{"jobs": every, "shown": every, **options})


def ids(jobs: Iterable[Job]) -> list[object]:
    return [job.pk for job in jobs]


def by_age(jobs: Iterable[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.created_at, job.pk), reverse=True)


def test_all_jobs_are_in_it_the_newest_first(jobs: list[Job]) -> None:
    assert ids(timeline()[0:99]) == ids(by_age(jobs))


def test_it_can_begin_with_the_oldest(jobs: list[Job]) -> None:
    assert ids(timeline(newest_first=False)[0:99]) == ids(by_age(jobs)[::-1])


@pytest.mark.parametrize("near", [0, 10, 99])
def test_its_parts_follow_each_other(
    near: int, jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.timeline.NEAR", near)
    whole = timeline()

    assert ids([*whole[0:7], *whole[7:20], *whole[20:99]]) == ids(by_age(jobs))


@pytest.mark.parametrize("statuses", [[], ["error"], ["processing", "finished"]])
@pytest.mark.parametrize("types", [[], ["paint"], ["sing", "build", "unknown"]])
def test_statuses_and_types_select(statuses: list[str], types: list[str], jobs: list[Job]) -> None:
    some = timeline(statuses=statuses, types=types)

    expected = by_age(
        job
        for job in jobs
        if (not statuses or job.status in statuses) and (not types or job.type in types)
    )
    assert ids(some[0:99]) == ids(expected)
    assert some.count(99) == len(expected)
    assert set(some.selected) == set(expected)


def test_the_jobs_of_one_user_are_found_among_them(jobs: list[Job]) -> None:
    theirs = timeline(
        jobs=Job.objects.filter(user__username="nadia"), owner="one user", statuses=["error"]
    )

    expected = by_age(job for job in jobs if job.user and job.status == "error")
    assert ids(theirs[0:99]) == ids(expected)
    assert theirs.count(99) == 3


def test_the_jobs_of_nobody_are_found_among_them(jobs: list[Job]) -> None:
    systems = timeline(jobs=Job.objects.filter(user=None), owner="system")

    assert ids(systems[0:99]) == ids(by_age(job for job in jobs if job.user is None))


def test_nothing_is_found_where_nothing_is_sought(jobs: list[Job]) -> None:
    nothing = timeline(jobs=Job.objects.none())

    assert (list(nothing[0:99]), nothing.count(99)) == ([], 0)


def test_it_counts_no_further_than_it_is_told(jobs: list[Job]) -> None:
    assert timeline().count(5) == 5


@pytest.mark.parametrize("near", [0, 99])
def test_a_type_may_have_the_text_of_another_parameter(
    near: int, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.timeline.NEAR", near)
    job = JobFactory(type="%s", unique_key="%")

    assert ids(timeline(jobs=Job.objects.filter(unique_key="%"))[0:9]) == [job.pk]


def test_the_types_are_asked_for_once(jobs: list[Job]) -> None:
    every = timeline()

    with CaptureQueriesContext(connection) as asked:
        list(every[0:9])
        every.count(99)

    assert len([query for query in asked if "RECURSIVE" in query["sql"]]) == 1
    assert len(asked) == 3
