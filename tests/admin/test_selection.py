"""Retry and cancel, for a selection."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from jobs.admin import job as job_admin
from jobs.models import Job
from tests.admin.conftest import LIST, SignIn, act, said
from tests.factories import JobFactory


def test_jobs_in_error_are_retried(operator: Client) -> None:
    jobs = [JobFactory(failed=True), JobFactory(failed=True)]

    response = act(operator, "retry_selected", *jobs)

    assert said(response) == ["2 jobs will run again."]
    assert statuses(*jobs) == ["pending", "pending"]


def test_pending_jobs_are_cancelled(operator: Client) -> None:
    job = JobFactory(pending=True)

    response = act(operator, "cancel_selected", job)

    assert said(response) == ["1 job cancelled; if it was running, it stops within seconds."]
    job.refresh_from_db()
    assert job.error is not None
    assert job.error["kind"] == "cancelled"


def test_running_jobs_are_asked_to_stop(operator: Client) -> None:
    job = JobFactory(processing=True)

    act(operator, "cancel_selected", job)

    job.refresh_from_db()
    assert job.cancel_requested_at is not None


def test_what_is_in_another_state_is_skipped_with_the_reason(operator: Client) -> None:
    failed, finished = JobFactory(failed=True), JobFactory(finished=True)

    response = act(operator, "retry_selected", finished, failed)

    assert said(response) == [
        "1 job will run again.",
        f"1 job skipped: Job {finished.pk} is finished; "
        "only a job that is in error can be retried.",
    ]
    assert statuses(failed, finished) == ["pending", "finished"]


def test_a_selection_of_which_nothing_can_be_done_says_only_why(operator: Client) -> None:
    job = JobFactory(finished=True)

    response = act(operator, "cancel_selected", job)

    assert said(response) == [
        f"1 job skipped: Job {job.pk} is finished; "
        "only a job that is pending or processing can be cancelled."
    ]


def test_a_retry_that_gives_way_to_a_twin_is_reported_as_skipped(operator: Client) -> None:
    job, twin = JobFactory(failed=True, unique_key="k"), JobFactory(unique_key="k")

    response = act(operator, "retry_selected", job)

    assert said(response) == [
        f"1 job skipped: Job {job.pk}: Job {twin.pk} waits under the same unique_key."
    ]


def test_ten_reasons_are_named_and_the_others_counted(operator: Client) -> None:
    jobs = JobFactory.create_batch(13, finished=True)

    [message] = said(act(operator, "retry_selected", *jobs))

    assert message.startswith("13 jobs skipped: ")
    assert message.count("only a job that is in error can be retried.") == 10
    assert message.endswith(" and 3 others.")


def test_all_that_the_filters_find_can_be_taken(operator: Client) -> None:
    shown, hidden = JobFactory(failed=True), JobFactory(failed=True)
    JobFactory(finished=True)

    form = {"action": "retry_selected", "_selected_action": [shown.pk], "select_across": "1"}
    response = operator.post(f"{LIST}?status=error", {**form, "index": "0"}, follow=True)

    assert said(response) == ["2 jobs will run again."]
    assert statuses(shown, hidden) == ["pending", "pending"]


def test_a_selection_without_end_is_taken_in_parts(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_admin, "MOST_AT_ONCE", 2)
    jobs = JobFactory.create_batch(3, failed=True)

    response = act(operator, "retry_selected", *jobs)

    assert said(response) == [
        "2 jobs will run again.",
        "Only the first 2 were taken; do it again for the others.",
    ]
    assert sorted(statuses(*jobs)) == ["error", "pending", "pending"]


def test_who_did_it_is_recorded_for_each_job_that_was_changed(operator: Client) -> None:
    failed, finished = JobFactory(failed=True), JobFactory(finished=True)

    act(operator, "retry_selected", failed, finished)

    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.user) == (str(failed.pk), operator.user)


def test_a_job_that_is_gone_is_not_taken(operator: Client) -> None:
    gone, failed = JobFactory(), JobFactory(failed=True)
    Job.objects.filter(pk=gone.pk).delete()

    assert said(act(operator, "retry_selected", gone, failed)) == ["1 job will run again."]


def test_a_selection_that_is_not_of_ids_is_refused(operator: Client) -> None:
    form = {"action": "retry_selected", "_selected_action": ["x"], "index": "0"}

    response = operator.post(LIST, form, follow=True)

    assert said(response) == ["“x” is not a valid UUID."]


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_each_action_has_its_own_permission(sign_in: SignIn, verb: str) -> None:
    other = {"retry": "cancel", "cancel": "retry"}[verb]
    failed, pending = JobFactory(failed=True), JobFactory(pending=True)
    client = sign_in("view_job", f"{verb}_job")

    offered = client.get(LIST).content.decode()
    act(client, f"{other}_selected", failed, pending)

    assert f"{verb}_selected" in offered
    assert f"{other}_selected" not in offered
    assert statuses(failed, pending) == ["error", "pending"]


def test_viewers_are_offered_no_action(viewer: Client) -> None:
    JobFactory()

    assert "_selected_action" not in viewer.get(LIST).content.decode()


def statuses(*jobs: Job) -> list[str]:
    return [Job.objects.get(pk=job.pk).status for job in jobs]
