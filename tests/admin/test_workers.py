"""The pages of the workers."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tests.admin.conftest import text
from tests.factories import WorkerFactory

WORKERS = "/admin/jobs/worker/"


def test_a_live_worker_is_shown_as_alive(viewer: Client) -> None:
    WorkerFactory(name="web-1:42", slots=3, types=["a", "b"])

    assert "web-1:42 ● alive 3 a, b" in text(viewer.get(WORKERS))


def test_a_worker_whose_lease_ran_out_is_shown_as_lapsed(viewer: Client) -> None:
    WorkerFactory(name="web-1:42", alive_until=timezone.now() - timedelta(seconds=1))

    assert "web-1:42 ✖ lapsed" in text(viewer.get(WORKERS))


def test_it_says_how_long_ago_a_worker_was_seen(viewer: Client) -> None:
    WorkerFactory(seen_at=timezone.now() - timedelta(hours=2, seconds=5))

    assert "2 h ago" in text(viewer.get(WORKERS))


def test_each_worker_has_a_page_of_its_own(viewer: Client) -> None:
    worker = WorkerFactory(name="web-1:42")

    shown = text(viewer.get(f"{WORKERS}{worker.pk}/change/"))

    assert "web-1:42" in shown
    assert "● alive" in shown
