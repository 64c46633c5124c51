from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs.errors import JobLocked
from jobs.models import Job
from jobs.outcome import Failure
from jobs.registry import Backoff, job_types
from jobs.worker.rounds import poll
from jobs.worker.turn import due_of
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db
DRY = Failure("exception", "ValueError: no paint", "line 1", repeatable=True)


@pytest.fixture
def stubborn(register, worker):
    """A claimed job that may be tried three times, 10 s and 20 s apart."""
    register("stubborn", max_attempts=3, backoff=Backoff(jitter=0))
    Job.objects.enqueue("stubborn", {})
    return claim_again(worker)


def claim_again(worker):
    Job.objects.update(run_at=Now() - timedelta(hours=1))
    poll(due_of([]))
    return Job.objects.ready().claim(worker, limit=1)[0]


def test_the_last_attempt_ends_the_job_in_error(claimed):
    assert claimed.fail(DRY)

    claimed.refresh_from_db()
    assert claimed.status == "error"
    assert claimed.error == {
        "kind": "exception",
        "message": "ValueError: no paint",
        "traceback": "line 1",
    }
    assert (claimed.worker_id, claimed.updated_at) == (None, claimed.finished_at)


def test_an_attempt_that_is_left_comes_after_the_back_off(stubborn):
    assert stubborn.fail(DRY)

    stubborn.refresh_from_db()
    assert (stubborn.status, stubborn.due, stubborn.error) == ("pending", False, None)
    assert stubborn.run_at - stubborn.updated_at == timedelta(seconds=10)


def test_a_failed_attempt_counts(stubborn):
    stubborn.fail(DRY)

    stubborn.refresh_from_db()
    assert (stubborn.attempts, stubborn.lease, stubborn.crashes) == (1, 1, 0)


def test_the_back_off_doubles(stubborn, worker):
    stubborn.fail(DRY)
    again = claim_again(worker)

    again.fail(DRY)

    again.refresh_from_db()
    assert again.run_at - again.updated_at == timedelta(seconds=20)


def test_the_back_off_of_a_type_that_is_gone_is_the_default(stubborn, register):
    del job_types._types["stubborn"]

    stubborn.fail(DRY)

    stubborn.refresh_from_db()
    wait = stubborn.run_at - stubborn.updated_at
    assert timedelta(seconds=8) <= wait <= timedelta(seconds=12)


def test_each_failed_attempt_is_kept(stubborn, worker):
    stubborn.fail(DRY)
    claim_again(worker).fail(Failure("timeout", "It took too long.", repeatable=True))
    claim_again(worker).fail(DRY)

    stubborn.refresh_from_db()
    kept = [(entry["attempt"], entry["kind"], entry["message"]) for entry in stubborn.errors]
    assert kept == [
        (1, "exception", "ValueError: no paint"),
        (2, "timeout", "It took too long."),
        (3, "exception", "ValueError: no paint"),
    ]
    assert stubborn.errors[0]["traceback"] == "line 1"
    assert stubborn.status == "error"


def test_the_last_ten_failures_are_kept(register, worker):
    register("mule", max_attempts=12)
    Job.objects.enqueue("mule", {})
    for _ in range(12):
        claim_again(worker).fail(DRY)

    attempts = [entry["attempt"] for entry in Job.objects.get().errors]

    assert attempts == list(range(3, 13))


def test_what_cannot_be_helped_ends_the_job_at_once(stubborn):
    stubborn.fail(Failure("invalid_payload", "stubborn: coats: missing."))

    stubborn.refresh_from_db()
    assert (stubborn.status, stubborn.error["kind"]) == ("error", "invalid_payload")


def test_a_job_to_be_cancelled_is_not_tried_again(stubborn):
    stubborn.cancel()

    assert stubborn.fail(DRY)

    stubborn.refresh_from_db()
    assert (stubborn.status, stubborn.error["kind"]) == ("error", "cancelled")
    assert [entry["kind"] for entry in stubborn.errors] == ["exception"]


def test_progress_ends_with_the_attempt(stubborn):
    stubborn.report({"done": 1, "total": 2, "message": ""})

    stubborn.fail(DRY)

    assert row(stubborn)["progress"] is None


def test_a_failure_can_hold_anything_printable_and_not(claimed):
    claimed.fail(Failure("exception", "a\x00b\ud800", "c\x00d"))

    error = row(claimed)["error"]
    assert (error["message"], error["traceback"]) == ("a\\x00b\\ud800", "c\\x00d")


def test_a_long_failure_is_cut():
    kept = Failure("exception", "m" * 10_001, "first" + "t" * 50_000).as_json()

    assert kept["message"] == "m" * 10_000
    assert kept["traceback"] == "t" * 50_000  # its end says what happened


def test_who_has_lost_a_job_cannot_fail_it(lost):
    before = row(lost)

    assert not lost.fail(DRY)

    assert row(lost) == before


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_has_locked_is_not_waited_for(claimed, session):
    session.lock(claimed)

    with pytest.raises(JobLocked) as refusal:
        claimed.fail(DRY)

    assert str(refusal.value) == f"Job {claimed.pk} is locked by another transaction; try again."


@pytest.mark.django_db(transaction=True)
def test_an_attempt_for_later_wakes_nobody(stubborn, heard):
    stubborn.fail(DRY)

    assert heard() == []
