"""Retry and cancel, on the page of a job."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from tests.admin.conftest import LIST, SignIn, page_of, said, text
from tests.factories import JobFactory

RETRY, CANCEL = "Retry this job", "Cancel this job"


@pytest.mark.parametrize(
    ("trait", "offered"),
    [
        ("pending", [CANCEL]),
        ("processing", [CANCEL]),
        ("finished", []),
        ("failed", [RETRY]),
    ],
)
def test_only_what_the_state_allows_is_offered(
    operator: Client, trait: str, offered: list[str]
) -> None:
    job = JobFactory(**{trait: True})

    shown = text(operator.get(page_of(job)))

    assert [button for button in (RETRY, CANCEL) if button in shown] == offered


def test_what_is_asked_to_stop_is_not_asked_again(operator: Client) -> None:
    job = JobFactory(processing=True, cancel_requested_at=timezone.now())

    assert CANCEL not in text(operator.get(page_of(job)))


def test_viewers_are_offered_no_button(viewer: Client) -> None:
    for job in (JobFactory(failed=True), JobFactory(pending=True)):
        shown = text(viewer.get(page_of(job)))

        assert RETRY not in shown
        assert CANCEL not in shown


def test_the_button_retries(operator: Client) -> None:
    job = JobFactory(failed=True)

    response = operator.post(f"{LIST}{job.pk}/retry/", follow=True)

    assert response.redirect_chain == [(page_of(job), 302)]
    assert said(response) == ["1 job will run again."]
    job.refresh_from_db()
    assert job.status == "pending"


def test_the_button_cancels(operator: Client) -> None:
    job = JobFactory(pending=True)

    operator.post(f"{LIST}{job.pk}/cancel/")

    job.refresh_from_db()
    assert job.status == "error"


def test_the_page_then_names_who_did_it(operator: Client) -> None:
    job = JobFactory(failed=True)

    response = operator.post(f"{LIST}{job.pk}/retry/", follow=True)

    assert f"{operator.user.username} Retried." in text(response)


def test_a_page_that_is_out_of_date_is_told_why_not(operator: Client) -> None:
    job = JobFactory(finished=True)

    response = operator.post(f"{LIST}{job.pk}/retry/", follow=True)

    assert said(response) == [
        f"1 job skipped: Job {job.pk} is finished; only a job that is in error can be retried."
    ]
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("verb", "permissions"),
    [
        ("retry", ["view_job", "cancel_job"]),
        ("cancel", ["view_job", "retry_job"]),
        ("retry", ["retry_job"]),
        ("cancel", ["cancel_job"]),
    ],
)
def test_each_button_needs_its_permission_and_that_to_view(
    sign_in: SignIn, verb: str, permissions: list[str]
) -> None:
    job = JobFactory(**{{"retry": "failed", "cancel": "pending"}[verb]: True})
    before = job.status

    response = sign_in(*permissions).post(f"{LIST}{job.pk}/{verb}/")

    assert response.status_code == 403
    job.refresh_from_db()
    assert job.status == before


def test_a_post_without_its_token_is_refused(operator: Client) -> None:
    job = JobFactory(failed=True)
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(operator.user)

    response = stranger.post(f"{LIST}{job.pk}/retry/")

    assert response.status_code == 403
    job.refresh_from_db()
    assert job.status == "error"


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_following_a_link_changes_nothing(operator: Client, verb: str) -> None:
    job = JobFactory(failed=True)

    assert operator.get(f"{LIST}{job.pk}/{verb}/").status_code == 405


def test_a_button_of_a_job_that_is_gone_leads_to_the_list(operator: Client) -> None:
    response = operator.post(f"{LIST}nothing/retry/", follow=True)

    assert response.redirect_chain == [(LIST, 302)]
    assert said(response) == ["There is no job nothing; it may have been pruned."]
