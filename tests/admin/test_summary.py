"""What is wrong, at a glance."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jobs import summary
from tests.admin.conftest import LIST, text_of
from tests.factories import JobFactory, UserFactory, WorkerFactory


def test_live_workers_are_named_with_when_they_were_seen(viewer: Client) -> None:
    WorkerFactory(name="web-1:42", seen_at=ago(seconds=10.5), alive_until=ago(seconds=-60))

    assert "● 1 alive web-1:42, seen 1" in glance(viewer)


def test_without_a_live_worker_it_says_so(viewer: Client) -> None:
    assert "✖ No worker is alive" in glance(viewer)


def test_with_work_and_no_worker_it_says_what_to_do(viewer: Client) -> None:
    JobFactory()

    assert "Nothing runs. Start manage.py run_jobs." in glance(viewer)


def test_a_lapsed_worker_is_named(viewer: Client) -> None:
    WorkerFactory(name="web-0:7", seen_at=ago(hours=2), alive_until=ago(hours=1))

    assert "✖ web-0:7 lapsed, seen 2 h ago" in glance(viewer)


def test_the_oldest_due_job_is_named(viewer: Client) -> None:
    JobFactory(type="late", run_at=ago(hours=2, seconds=5))
    JobFactory(priority=9, run_at=ago(seconds=5))

    assert "○ 2 jobs wait the oldest, late, for 2 h" in glance(viewer)


def test_a_job_whose_hour_passed_unseen_counts_as_due(viewer: Client) -> None:
    JobFactory(due=False, run_at=ago(hours=2, seconds=5))

    assert "○ 1 job waits the oldest, probe, for 2 h" in glance(viewer)


def test_jobs_for_later_and_blocked_jobs_are_not_due(viewer: Client) -> None:
    JobFactory(due=False, run_at=ago(hours=-2))
    JobFactory(due=False, blocked_by=JobFactory(finished=True).pk)

    assert "✔ Nothing waits" in glance(viewer)


def test_types_that_no_live_worker_serves_are_named(viewer: Client) -> None:
    WorkerFactory(types=["probe"])
    WorkerFactory(types=["orphan"], alive_until=ago(hours=1))
    JobFactory.create_batch(2, type="orphan", run_at=ago(hours=3, seconds=5))
    JobFactory(type="probe")

    assert "Served by no worker ✖ 1 type orphan (2 jobs, due for 3 h)" in glance(viewer)


def test_when_every_type_is_served_nothing_is_said_of_it(viewer: Client) -> None:
    WorkerFactory(types=["probe"])
    JobFactory(type="probe")

    assert "Served by no worker" not in glance(viewer)


def test_errors_of_the_past_day_are_counted(viewer: Client) -> None:
    JobFactory.create_batch(2, failed=True)
    JobFactory(failed=True, created_at=ago(hours=25))
    JobFactory(finished=True)

    assert "In error ✖ 2 jobs of the jobs created in the past 24 hours" in glance(viewer)


def test_no_error_is_said_too(viewer: Client) -> None:
    assert "In error ✔ None" in glance(viewer)


def test_a_long_line_is_read_to_a_bound_and_says_so(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "LINE_READ", 3)
    JobFactory.create_batch(5)

    assert "○ 3 jobs wait or more" in glance(viewer)


def test_errors_are_counted_to_a_bound_and_it_says_so(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "ERRORS_READ", 3)
    JobFactory.create_batch(2, failed=True)
    JobFactory.create_batch(2, failed=True, type="other", user=UserFactory())

    assert "In error ✖ 3 jobs or more of the jobs created" in glance(viewer)


def ago(**length: float) -> Any:
    return timezone.now() - timedelta(**length)


def glance(client: Client) -> str:
    html = client.get(LIST).content.decode()
    _, _, section = html.partition('<section class="job-summary"')
    return text_of("<section" + section.partition("</section>")[0])
