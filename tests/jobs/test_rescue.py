import pytest

from jobs.models import Job, Worker
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db


def crash(times, claim):
    for _ in range(times):
        (job,) = claim()
        job.rescue("its process was killed by signal 9")
    return job


def test_a_rescued_job_waits_again_at_once(claimed, claim):
    assert claimed.rescue("its process was killed by signal 9")

    assert claim() == [claimed]


def test_a_crash_gives_the_attempt_back_and_counts(claimed):
    claimed.rescue("its process was killed by signal 9")

    claimed.refresh_from_db()
    assert (claimed.status, claimed.worker_id) == ("pending", None)
    assert (claimed.attempts, claimed.crashes, claimed.lease) == (0, 1, 1)


def test_a_crash_is_kept_with_its_reason(claimed):
    claimed.rescue("its process was killed by signal 9")

    (entry,) = row(claimed)["errors"]
    assert (entry["kind"], entry["attempt"]) == ("crashed", 1)
    assert entry["message"] == "The job was lost: its process was killed by signal 9."


def test_the_third_crash_is_not_the_end(pending, claim):
    crash(3, claim)

    assert row(pending)["status"] == "pending"


def test_the_fourth_crash_is_the_end(pending, claim):
    crash(4, claim)

    pending.refresh_from_db()
    assert (pending.status, pending.crashes, pending.lease) == ("error", 4, 4)
    assert pending.error == {
        "kind": "crashed",
        "message": "The job was lost: its process was killed by signal 9.",
        "traceback": "",
    }
    assert len(pending.errors) == 4


def test_a_job_to_be_cancelled_is_not_put_back(claimed):
    claimed.cancel()

    claimed.rescue("its process was killed by signal 9")

    claimed.refresh_from_db()
    assert (claimed.status, claimed.error["kind"]) == ("error", "cancelled")


def test_who_has_lost_a_job_cannot_rescue_it(lost):
    before = row(lost)

    assert not lost.rescue("its process was killed by signal 9")

    assert row(lost) == before


def test_the_jobs_of_a_dead_worker_are_rescued(claimed, worker):
    Worker.objects.filter(pk=worker.pk).delete()

    assert Job.objects.rescue() == [claimed]

    assert (row(claimed)["status"], row(claimed)["due"]) == ("pending", True)


def test_what_had_begun_has_crashed(claimed, worker):
    Job.objects.filter(pk=claimed.pk).update(suspect=True)
    Worker.objects.filter(pk=worker.pk).delete()

    Job.objects.rescue()

    (entry,) = row(claimed)["errors"]
    assert entry["message"] == f"The job was lost: its worker {worker.pk} died."
    assert (row(claimed)["attempts"], row(claimed)["crashes"]) == (0, 1)


def test_what_may_not_have_begun_is_a_suspect_and_has_not_crashed(claimed, worker):
    Worker.objects.filter(pk=worker.pk).delete()

    Job.objects.rescue()

    now = row(claimed)
    assert (now["suspect"], now["crashes"], now["attempts"], now["errors"]) == (True, 0, 0, [])


def test_a_job_that_takes_its_worker_down_again_and_again_ends(pending, register):
    """Claimed as a suspect it has begun, whatever the worker had time to say."""
    for _ in range(5):
        worker = Worker.enlist(slots=1, types=["paint"])
        Job.objects.ready().claim(worker, limit=1)
        worker.delete()
        Job.objects.rescue()

    assert (row(pending)["error"]["kind"], row(pending)["crashes"]) == ("crashed", 4)


def test_the_jobs_of_a_living_worker_are_left(claimed, other_worker):
    other_worker.delete()

    assert Job.objects.rescue() == []

    assert row(claimed)["status"] == "processing"


def test_jobs_that_nobody_holds_are_left(pending):
    assert Job.objects.rescue() == []


def test_a_rescued_job_that_meets_a_twin_does_not_keep_the_others_back(claim, worker):
    keyed = Job.objects.enqueue("paint", {}, unique_key="wall")
    plain = Job.objects.enqueue("paint", {})
    claim()
    Job.objects.enqueue("paint", {}, unique_key="wall")
    Worker.objects.filter(pk=worker.pk).delete()

    assert len(Job.objects.rescue()) == 2

    assert row(keyed)["error"]["kind"] == "superseded"
    assert row(plain)["status"] == "pending"


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_has_locked_is_left_for_the_next_time(claim, worker, session):
    locked, free = Job.objects.enqueue("paint", {}), Job.objects.enqueue("paint", {})
    claim()
    Worker.objects.filter(pk=worker.pk).delete()
    session.lock(locked)

    assert Job.objects.rescue() == [free]


@pytest.mark.django_db(transaction=True)
def test_a_rescued_job_wakes_the_workers(claimed, heard):
    claimed.rescue("its process was killed by signal 9")

    assert heard() == ["work"]


def test_what_jobs_carry_is_not_read_to_rescue_them(claimed, worker):
    """Hundreds of payloads of 1 MB would fit neither the time nor the memory of a worker."""
    worker.delete()

    (job,) = Job.objects.of_the_dead()

    assert {"data", "result", "error", "errors", "progress"} <= job.get_deferred_fields()
