"""The page of one job."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from jobs import audit
from jobs.admin import detail
from jobs.registry import JobType
from tests.admin.conftest import LIST, page_of, said, text
from tests.factories import JobFactory, UserFactory, WorkerFactory


def test_it_shows_data_and_result_as_laid_out_json(viewer: Client) -> None:
    job = JobFactory(finished=True, data={"word": "été"}, result={"letters": 3})

    html = viewer.get(page_of(job)).content.decode()

    assert "{\n  &quot;word&quot;: &quot;été&quot;\n}</pre>" in html
    assert "{\n  &quot;letters&quot;: 3\n}</pre>" in html


def test_it_cuts_very_long_data_and_says_so(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detail, "LONGEST_SHOWN", 20)
    job = JobFactory(data={"word": "a" * 40})

    shown = text(viewer.get(page_of(job)))

    assert "a" * 7 in shown
    assert "a" * 8 not in shown
    assert "Cut here; the API gives the whole." in shown


def test_it_shows_why_it_ended_in_error(viewer: Client) -> None:
    error = {"kind": "timeout", "message": "It ran on.", "traceback": "File x, line 3"}
    job = JobFactory(failed=True, error=error)

    response = viewer.get(page_of(job))

    assert "✖ timeout It overran its time and was stopped. It ran on." in text(response)
    assert 'aria-label="Traceback">File x, line 3</pre>' in response.content.decode()


def test_it_shows_how_earlier_attempts_ended(viewer: Client) -> None:
    past = {
        "kind": "exception",
        "message": "OSError: no route",
        "traceback": "File y, line 4",
        "attempt": 1,
        "at": "2026-03-01T10:20:30+00:00",
    }
    job = JobFactory(pending=True, errors=[past])

    response = viewer.get(page_of(job))

    assert "Attempt 1: exception · 2026-03-01 11:20:30 · OSError: no route" in text(response)
    assert 'aria-label="Traceback">File y, line 4</pre>' in response.content.decode()


def test_it_shows_the_progress(viewer: Client) -> None:
    job = JobFactory(processing=True, progress={"done": 1, "total": 4, "message": "zoom 3"})

    response = viewer.get(page_of(job))

    assert '<progress max="100" value="25" aria-label="Progress">' in response.content.decode()
    assert "1 / 4 · 25 % zoom 3" in text(response)


def test_it_shows_every_moment(viewer: Client) -> None:
    moments = {
        "created_at": "Created",
        "run_at": "May run from",
        "started_at": "Started",
        "finished_at": "Ended",
        "updated_at": "Updated",
    }
    first = timezone.datetime.fromisoformat("2026-03-01T10:00:00+00:00")
    times = {name: first + timedelta(minutes=n) for n, name in enumerate(moments)}
    job = JobFactory(finished=True, **times)

    shown = text(viewer.get(page_of(job)))

    for n, label in enumerate(moments.values()):
        assert f"{label} 2026-03-01 11:0{n}:00" in shown


def test_it_shows_when_it_was_asked_to_stop(viewer: Client) -> None:
    asked = timezone.datetime.fromisoformat("2026-03-01T10:00:00+00:00")
    job = JobFactory(processing=True, cancel_requested_at=asked)

    assert "Asked to stop 2026-03-01 11:00:00" in text(viewer.get(page_of(job)))


def test_it_shows_what_an_attempt_logged_last(viewer: Client) -> None:
    past = {"kind": "crashed", "message": "", "log": ["INFO one", "INFO <two>"]}
    job = JobFactory(pending=True, errors=[past])

    page = viewer.get(page_of(job)).content.decode()

    assert 'aria-label="Log">INFO one\nINFO &lt;two&gt;</pre>' in page


def test_it_shows_attempts_crashes_lease_and_worker(viewer: Client) -> None:
    worker = WorkerFactory(name="web-1:42")
    job = JobFactory(processing=True, worker=worker, attempts=2, max_attempts=3, crashes=1, lease=7)

    shown = text(viewer.get(page_of(job)))

    assert "Attempts 2 of 3 Crashes 1 of 4 Lease 7 Worker web-1:42" in shown


def test_a_worker_that_is_gone_is_named_by_its_number(viewer: Client) -> None:
    job = JobFactory(processing=True, worker=None, worker_id=4_000_000)

    assert "Worker 4000000 (gone)" in text(viewer.get(page_of(job)))


def test_it_leads_to_the_job_it_waits_for(viewer: Client) -> None:
    parent = JobFactory()
    job = JobFactory(due=False, blocked_by=parent.pk)

    response = viewer.get(page_of(job))

    assert f"Waits for probe {parent.pk} (pending)" in text(response)
    assert f'href="{page_of(parent)}"' in response.content.decode()


def test_a_job_it_waits_for_may_be_gone(viewer: Client) -> None:
    gone = uuid4()
    job = JobFactory(due=False, blocked_by=gone)

    assert f"Waits for {gone} (gone)" in text(viewer.get(page_of(job)))


def test_it_leads_to_the_jobs_that_wait_for_it(viewer: Client) -> None:
    job = JobFactory()
    child = JobFactory(due=False, blocked_by=job.pk)

    response = viewer.get(page_of(job))

    assert f"Waited for by probe {child.pk} (pending)" in text(response)
    assert f'href="{page_of(child)}"' in response.content.decode()


def test_it_shows_the_unique_key(viewer: Client) -> None:
    job = JobFactory(unique_key="probe:hello")

    assert "Unique key probe:hello" in text(viewer.get(page_of(job)))


def test_it_shows_the_time_limit_of_the_type(viewer: Client, probe_type: JobType) -> None:
    now = timezone.now()
    job = JobFactory(finished=True, started_at=now - timedelta(seconds=70), finished_at=now)

    assert "Duration 1 min 10 s (limit 5 min)" in text(viewer.get(page_of(job)))


def test_it_shows_who_did_what_the_latest_first(viewer: Client) -> None:
    job = JobFactory(failed=True, user=UserFactory(username="nadia"))
    audit.record(UserFactory(username="marc"), job, "cancelled")
    audit.record(UserFactory(username="anne"), job, "retried")

    _, _, history = text(viewer.get(page_of(job))).partition("Who did what")

    words = [word for word in history.split() if word.isalpha() or word.endswith("d.")]
    assert words == [
        *("When", "Who", "What"),
        *("anne", "Retried."),
        *("marc", "Cancelled."),
        *("nadia", "Enqueued."),
    ]


def test_a_job_of_a_retired_type_is_still_shown(viewer: Client) -> None:
    job = JobFactory(type="retired_long_ago", failed=True)

    shown = text(viewer.get(page_of(job)))

    assert "retired_long_ago" in shown
    assert "no installed app handles this type" in shown


def test_hostile_content_is_escaped(viewer: Client) -> None:
    script = "<script>alert(1)</script>"
    failure = {"kind": script, "message": script, "traceback": script, "attempt": script}
    job = JobFactory(
        failed=True,
        type=script,
        data={script: script},
        result={"x": script},
        error=failure,
        errors=[failure],
        progress={"done": 1, "total": 2, "message": script},
        unique_key=script,
        user=UserFactory(username=script),
    )

    html = viewer.get(page_of(job)).content.decode()

    assert script not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 10


@pytest.mark.parametrize("id", [pytest.param(str(uuid4()), id="of nothing"), "hello", "1", "%00"])
def test_an_id_of_no_job_leads_back_to_the_list(viewer: Client, id: str) -> None:
    response = viewer.get(f"{LIST}{id}/change/", follow=True)

    assert response.redirect_chain == [(LIST, 302)]
    assert len(said(response)) == 1
    assert said(response)[0].startswith("There is no job ")
