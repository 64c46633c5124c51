"""What the list says of each job."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jobs.registry import job_types
from tests.admin.conftest import LIST, listed, page_of, text
from tests.factories import JobFactory, UserFactory, WorkerFactory


@pytest.mark.parametrize(
    ("trait", "badge"),
    [
        ("pending", "○ pending"),
        ("processing", "▶ processing"),
        ("finished", "✔ finished"),
        ("failed", "✖ error"),
    ],
)
def test_a_status_is_a_shape_and_a_word(viewer: Client, trait: str, badge: str) -> None:
    JobFactory(**{trait: True})

    assert badge in row(viewer.get(LIST))


def test_a_job_in_error_says_its_kind_and_message(viewer: Client) -> None:
    JobFactory(failed=True)

    assert "✖ error exception" in row(viewer.get(LIST))
    assert "ValueError: no" in row(viewer.get(LIST))


def test_a_running_job_that_is_to_stop_says_so(viewer: Client) -> None:
    JobFactory(processing=True, cancel_requested_at=timezone.now())

    assert "▶ processing asked to stop" in row(viewer.get(LIST))


def test_a_running_job_names_its_worker(viewer: Client) -> None:
    JobFactory(processing=True, worker=WorkerFactory(name="web-1:42"))

    assert "▶ processing web-1:42" in row(viewer.get(LIST))


def test_a_type_is_shown_by_its_label(viewer: Client) -> None:
    job_types.register("labelled", lambda job: None, label="Count the letters")
    JobFactory(type="labelled")

    response = viewer.get(LIST)

    del job_types._types["labelled"]
    assert "Count the letters" in row(response)


def test_a_retired_type_is_shown_by_its_name(viewer: Client) -> None:
    JobFactory(type="retired_long_ago")

    assert "retired_long_ago" in row(viewer.get(LIST))


def test_each_job_leads_to_its_page(viewer: Client) -> None:
    job = JobFactory()

    assert f'href="{page_of(job)}"' in viewer.get(LIST).content.decode()


def test_progress_is_a_bar_and_its_numbers(viewer: Client) -> None:
    JobFactory(processing=True, progress={"done": 638, "total": 1276, "message": "zoom 11"})

    response = viewer.get(LIST)

    assert 'max="100" value="50" aria-label="Progress"' in response.content.decode()
    assert "638 / 1,276 · 50 % zoom 11" in row(response)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        ({"done": 12, "total": 0, "message": ""}, "12"),
        ({"done": 30, "total": 20, "message": ""}, "30 / 20 · 100 %"),
        ({"done": -1, "total": 20, "message": ""}, "-1 / 20 · 0 %"),
        ({"done": 1999, "total": 2000}, "1,999 / 2,000 · 99 %"),
        ({"done": "many", "total": None, "message": 5}, "0 5"),
        (["odd"], "–"),
    ],
)
def test_strange_progress_is_shown_as_well_as_can_be(
    viewer: Client, progress: Any, words: str
) -> None:
    JobFactory(processing=True, progress=progress)

    assert words in row(viewer.get(LIST))


def test_a_job_shows_its_owner(viewer: Client) -> None:
    JobFactory(user=UserFactory(username="nadia"))

    assert "nadia" in row(viewer.get(LIST))


def test_a_job_that_nobody_enqueued_belongs_to_the_system(viewer: Client) -> None:
    JobFactory(user=None)

    assert "System" in row(viewer.get(LIST))


def test_hostile_words_are_escaped(viewer: Client) -> None:
    script = "<script>alert(1)</script>"
    owner = UserFactory(username=script)
    JobFactory(failed=True, type=script, error={"kind": script, "message": script}, user=owner)
    JobFactory(processing=True, progress={"done": 1, "total": 2, "message": script})

    html = viewer.get(LIST, {"q": script, "type": script, "from": script, "owner": script})

    assert script not in viewer.get(LIST).content.decode()
    assert script not in html.content.decode()


def test_a_created_moment_is_exact_to_the_second_in_local_time(viewer: Client) -> None:
    JobFactory(created_at=timezone.datetime.fromisoformat("2026-03-01T10:20:30+00:00"))

    assert "2026-03-01 11:20:30" in row(viewer.get(LIST))


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=0.42), "0.4 s"),
        (timedelta(seconds=9.96), "10 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=125), "2 min 5 s"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=1, minutes=4, seconds=50), "1 h 4 min"),
        (timedelta(days=3, hours=2), "3 d 2 h"),
        (timedelta(seconds=-5), "0.0 s"),
    ],
)
def test_a_finished_job_shows_how_long_it_took(
    viewer: Client, length: timedelta, words: str
) -> None:
    now = timezone.now()
    job = JobFactory(finished=True, started_at=now - length, finished_at=now)

    response = viewer.get(LIST)

    assert listed(response) == [job]
    assert f"{words} System" in row(response)


def test_a_running_job_shows_how_long_so_far(viewer: Client) -> None:
    JobFactory(processing=True, started_at=timezone.now() - timedelta(hours=2, seconds=9))

    assert "2 h so far" in row(viewer.get(LIST))


def test_a_pending_job_shows_how_long_it_has_waited(viewer: Client) -> None:
    JobFactory(run_at=timezone.now() - timedelta(hours=2, seconds=9))

    assert "waiting for 2 h" in row(viewer.get(LIST))


def test_a_job_for_later_shows_when_it_starts(viewer: Client) -> None:
    JobFactory(due=False, run_at=timezone.now() + timedelta(hours=2, seconds=9))

    assert "starts in 2 h" in row(viewer.get(LIST))


def test_a_job_that_waits_for_another_says_so(viewer: Client) -> None:
    JobFactory(due=False, blocked_by=JobFactory(finished=True).pk)

    assert "waits for another job" in row(viewer.get(LIST))


def test_a_job_that_ended_before_it_began_has_no_duration(viewer: Client) -> None:
    JobFactory(failed=True, started_at=None)

    assert "never started" in row(viewer.get(LIST))


def row(response: Any) -> str:
    """The text of the table of jobs."""
    _, _, table = text(response).partition("Progress or error")
    return table.partition("By status")[0]
