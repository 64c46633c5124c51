import pytest

from jobs.errors import WrongState
from jobs.models import Job
from jobs.outcome import Failure
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db
DRY = Failure("exception", "ValueError: no paint")


def test_a_retried_job_waits_as_if_it_were_new(failed):
    failed.retry()

    failed.refresh_from_db()
    assert (failed.status, failed.due, failed.error) == ("pending", True, None)
    assert (failed.attempts, failed.crashes) == (0, 0)
    assert (failed.started_at, failed.finished_at) == (None, None)


def test_a_retried_job_may_run_now(failed, claim):
    Job.objects.filter(pk=failed.pk).update(run_at="2999-01-01T00:00Z")

    failed.retry()

    failed.refresh_from_db()
    assert failed.run_at == failed.updated_at
    assert claim() == [failed]


def test_lease_and_past_errors_stay(failed):
    errors = failed.errors

    failed.retry()

    failed.refresh_from_db()
    assert failed.lease == 1
    assert failed.errors == errors != []


def test_crashes_start_anew(pending, claim):
    for _ in range(4):
        claim()[0].rescue("it was killed")

    pending.retry()

    assert row(pending)["crashes"] == 0


@pytest.mark.parametrize(
    ("state", "status"),
    [("pending", "pending"), ("claimed", "processing"), ("finished", "finished")],
)
def test_only_a_job_in_error_can_be_retried(request, state, status):
    job = request.getfixturevalue(state)
    before = row(job)

    with pytest.raises(WrongState) as refusal:
        job.retry()

    assert str(refusal.value) == (
        f"Job {job.pk} is {status}; only a job that is in error can be retried."
    )
    assert row(job) == before


def test_what_ended_because_it_waited_for_it_waits_again(pending, claim):
    child = Job.objects.enqueue("paint", {}, after=pending)
    grandchild = Job.objects.enqueue("paint", {}, after=child)
    claim()[0].fail(DRY)

    pending.retry()

    assert (row(child)["status"], row(child)["blocked_by"]) == ("pending", pending.pk)
    assert (row(grandchild)["status"], row(grandchild)["blocked_by"]) == ("pending", child.pk)
    assert claim() == [pending]


def test_a_child_that_failed_by_itself_stays_in_error(pending, claim):
    child = Job.objects.enqueue("paint", {}, after=pending)
    child.cancel()
    claim()[0].fail(DRY)

    pending.retry()

    assert row(child)["error"]["kind"] == "cancelled"


def test_a_child_retried_before_its_parent_ends_blocked_again(pending, claim):
    child = Job.objects.enqueue("paint", {}, after=pending)
    claim()[0].fail(DRY)

    child.retry()

    assert claim() == []
    Job.objects.sweep()
    assert row(child)["error"]["kind"] == "blocked"


def test_a_retried_child_of_a_parent_that_has_finished_may_run(pending, claim):
    child = Job.objects.enqueue("paint", {}, after=pending)
    child.cancel()
    claim()[0].finish({})

    child.retry()

    assert claim() == [child]


@pytest.mark.django_db(transaction=True)
def test_a_retried_job_wakes_the_workers(failed, heard):
    failed.retry()

    assert heard() == ["work"]
