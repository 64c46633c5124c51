import pytest

from jobs.errors import WrongState
from jobs.models import Job
from jobs.outcome import CANCELLED
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db


def test_a_pending_job_ends_at_once(pending):
    pending.cancel()

    pending.refresh_from_db()
    assert pending.status == "error"
    assert pending.error == {
        "kind": "cancelled",
        "message": "It was cancelled.",
        "traceback": "",
    }
    assert pending.finished_at == pending.updated_at


def test_a_cancelled_job_never_runs(pending, claim):
    pending.cancel()

    assert claim() == []


def test_a_running_job_is_asked_to_stop_and_stays_with_its_worker(claimed, worker):
    claimed.cancel()

    claimed.refresh_from_db()
    assert (claimed.status, claimed.worker, claimed.lease) == ("processing", worker, 1)
    assert claimed.cancel_requested_at >= claimed.started_at


def test_a_running_job_that_obeys_ends_cancelled_with_attempts_left(register, worker):
    register("stubborn", max_attempts=3)
    Job.objects.enqueue("stubborn", {})
    (job,) = Job.objects.ready().claim(worker, limit=1)
    job.cancel()

    job.fail(CANCELLED)

    job.refresh_from_db()
    assert (job.status, job.error["kind"]) == ("error", "cancelled")
    assert job.cancel_requested_at is None


def test_asking_twice_changes_nothing(claimed):
    claimed.cancel()
    asked_at = row(claimed)["cancel_requested_at"]

    claimed.cancel()

    assert row(claimed)["cancel_requested_at"] == asked_at


def test_somebody_with_an_old_view_cancels_the_job_as_it_is(pending, claim):
    claim()

    pending.cancel()

    assert row(pending)["status"] == "processing"


@pytest.mark.parametrize(("state", "status"), [("finished", "finished"), ("failed", "error")])
def test_a_job_that_has_ended_cannot_be_cancelled(request, state, status):
    job = request.getfixturevalue(state)

    with pytest.raises(WrongState) as refusal:
        job.cancel()

    assert str(refusal.value) == (
        f"Job {job.pk} is {status}; only a job that is pending or processing can be cancelled."
    )
    assert refusal.value.status == status


def test_what_waits_for_a_cancelled_job_ends_too(pending):
    child = Job.objects.enqueue("paint", {}, after=pending)

    pending.cancel()

    assert row(child)["error"]["kind"] == "blocked"


def test_a_cancelled_job_frees_its_key(pending):
    first = Job.objects.enqueue("paint", {}, unique_key="wall")

    first.cancel()

    assert Job.objects.enqueue("paint", {}, unique_key="wall") != first


@pytest.mark.django_db(transaction=True)
def test_asking_a_running_job_to_stop_tells_the_workers(claimed, heard):
    claimed.cancel()

    assert heard() == ["cancel"]
