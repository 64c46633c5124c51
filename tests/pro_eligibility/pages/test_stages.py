"""The page of a test at each stage, and its buttons."""

from datetime import datetime

import pytest
from django.utils import timezone

from jobs.models import Job
from pro_eligibility.models import EligibilityTest
from tests.pro_eligibility.factories import AddressRowFactory
from tests.pro_eligibility.pages.conftest import said, text, url

pytestmark = pytest.mark.django_db
CANCELLED = {"kind": "cancelled", "message": "It was cancelled."}


def test_a_draft_leads_to_how_its_file_is_read(page, draft):
    assert page.get(url(draft)).headers["Location"] == url(draft, "layout/")


def test_a_test_that_waits_says_so(page, draft):
    draft.start()

    assert "Waiting for its turn 0 of 2 rows" in text(page.get(url(draft)))


def test_a_running_test_says_how_far_it_is(page, running):
    progress = {"done": 1200, "total": 2000, "message": "geocoding; the end is near"}
    Job.objects.filter(pk=running.job_id).update(progress=progress)

    shown = page.get(url(running))

    assert "Finding the addresses 1,200 of 2,000 rows" in text(shown)
    assert '<progress max="2000" value="1200"' in shown.content.decode()


def test_a_running_test_says_when_it_is_expected_to_end(page, running):
    end = timezone.make_aware(datetime(2026, 11, 4, 21, 45))
    EligibilityTest.objects.update(estimated_end_at=end)

    assert "the end is expected on 4 Nov. 2026, 21:45" in text(page.get(url(running)))


def test_what_the_job_says_besides_is_shown_as_it_is(page, running):
    said_by_it = {"done": 0, "total": 2, "message": "the geocoder asks to wait 30 s"}
    Job.objects.filter(pk=running.job_id).update(progress=said_by_it)

    assert "the geocoder asks to wait 30 s" in text(page.get(url(running)))


def test_a_test_that_waits_for_another_attempt_says_why(page, draft):
    job = draft.start()
    error = {"kind": "exception", "message": "GeocoderUnavailable: no answer.", "traceback": ""}
    Job.objects.filter(pk=job.pk).update(errors=[error])

    assert "goes on where it stopped. The reason: no answer." in text(page.get(url(draft)))


def test_the_page_of_a_running_test_refreshes_itself_without_a_script(page, running):
    refreshing = '<noscript><meta http-equiv="refresh" content="5"></noscript>'

    assert refreshing in page.get(url(running)).content.decode()


def test_the_progress_alone_is_given_to_the_script(page, running):
    fragment = page.get(url(running, "progress/")).content.decode()

    assert "<progress" in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize(("done", "spoken"), [(0, 0), (19, 10), (20, 20), (100, 100)])
def test_every_ten_percent_are_read_aloud(page, running, done, spoken):
    progress = {"done": done, "total": 100, "message": "geocoding"}
    Job.objects.filter(pk=running.job_id).update(progress=progress)

    fragment = page.get(url(running, "progress/")).content.decode()

    assert f'data-spoken="Finding the addresses, {spoken}\u00a0%"' in fragment


def test_the_script_is_told_when_the_test_has_ended(page, ended):
    test = ended(Job.Status.ERROR, error=CANCELLED)

    assert page.get(url(test, "progress/")).status_code == 204


def test_a_look_at_the_progress_takes_few_queries(page, running, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        page.get(url(running, "progress/"))


def test_a_waiting_test_is_stopped_by_its_button(page, draft):
    draft.start()

    stopped = page.post(url(draft, "cancel/"), follow=True)

    assert said(stopped) == ["The test is being stopped. What was found so far stays."]
    assert "The test has stopped It was cancelled." in text(stopped)


def test_a_running_test_that_is_being_stopped_says_so(page, running):
    stopping = page.post(url(running, "cancel/"), follow=True)

    assert "Stopping" in text(stopping)
    assert "Stop the test" not in text(stopping)
    assert "the test goes on" not in text(stopping)


def test_the_page_of_a_running_test_may_be_left(page, running):
    assert "You can leave this page; the test goes on." in text(page.get(url(running)))


def test_a_test_that_does_not_run_is_not_stopped(page, draft):
    refused = page.post(url(draft, "cancel/"), follow=True)

    assert said(refused) == ["“Paris” is not running, so there is nothing to cancel."]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ({"kind": "timeout", "message": "…"}, "It took longer than a test may take."),
        ({"kind": "crashed", "message": "…"}, "The computer that ran it failed several times."),
        ({"kind": "exception", "message": "GeocoderRefused: it says: no."}, "it says: no."),
        ({"kind": "exception", "message": "KeyError"}, "Nothing more is known."),
    ],
)
def test_a_test_that_failed_says_why(page, ended, error, sentence):
    test = ended(Job.Status.ERROR, error=error)

    assert page.get(url(test)).context["why"] == sentence


def test_a_test_that_stopped_goes_on_by_its_button(page, ended):
    test = ended(Job.Status.ERROR, error=CANCELLED)

    started = page.post(url(test, "start/"), follow=True)

    test.refresh_from_db()
    assert test.stage == "waiting"
    assert said(started) == ["The test was started."]


def test_a_running_test_is_not_started_again(page, running):
    refused = page.post(url(running, "start/"), follow=True)

    assert said(refused) == ["“Paris” is running: wait until it ends, or cancel it."]


def test_a_test_that_stopped_before_its_file_was_read_can_be_read_otherwise(page, ended):
    test = ended(Job.Status.ERROR, error=CANCELLED)

    assert f'href="{url(test, "layout/")}"' in page.get(url(test)).content.decode()
    assert page.get(url(test, "layout/")).status_code == 200


def test_a_test_that_stopped_later_shows_what_was_found(page, ended):
    test = ended(Job.Status.ERROR, error=CANCELLED)
    EligibilityTest.objects.update(read_at=timezone.now())
    AddressRowFactory(test=test)

    assert f'href="{url(test, "results/")}"' in page.get(url(test)).content.decode()


def test_a_test_whose_rows_were_read_keeps_its_layout(page, ended):
    test = ended(Job.Status.ERROR, error=CANCELLED)
    EligibilityTest.objects.update(read_at=timezone.now())

    refused = page.get(url(test, "layout/"), follow=True)

    assert said(refused) == [
        "The rows of “Paris” have been read already, so how the file is read stays;"
        " upload it again to read it otherwise."
    ]


def test_a_test_whose_job_was_pruned_before_it_ended_can_go_on(page, draft):
    EligibilityTest.objects.update(read_at=timezone.now())

    assert "Nothing more is known." in text(page.get(url(draft)))


def test_a_test_that_was_not_read_has_no_results(page, draft):
    assert page.get(url(draft, "results/")).headers["Location"] == url(draft)


def test_a_test_that_is_done_shows_its_results(page, ended):
    test = ended(Job.Status.FINISHED)

    used = [template.name for template in page.get(url(test)).templates]
    assert "pro_eligibility/results.html" in used


def test_a_purged_test_says_that_its_addresses_are_gone(page, draft):
    draft.purge()

    shown = text(page.get(url(draft)))

    assert "Its addresses, its results and its file were removed on" in shown
    assert "They cannot be brought back." in shown


@pytest.mark.parametrize("path", ["start/", "layout/"])
def test_a_purged_test_is_not_started(page, draft, path):
    draft.purge()

    refused = page.post(url(draft, path), {"action": "start"}, follow=True)

    assert said(refused) == ["The addresses of “Paris” were removed; upload the file again."]
