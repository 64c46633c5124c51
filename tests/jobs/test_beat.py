"""The statement of a heartbeat: what a worker learns while it says that it is alive."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models import Job, Worker, queryset
from jobs.worker.line import bounded_transaction
from jobs.worker.rounds import Beaten, beat

pytestmark = pytest.mark.django_db
NOTHING = Beaten(False, None, {}, set())


@pytest.fixture
def waiting():
    """Three jobs, each waiting for another, in the order of these."""
    parents = sorted((Job.objects.enqueue("paint", {}) for _ in range(3)), key=lambda job: job.pk)
    return [Job.objects.enqueue("paint", {}, after=parent) for parent in parents]


def end_unseen(pk, **how):
    """End a job as if its worker had been killed before it could settle what waits for it."""
    Job.objects.filter(pk=pk).update(finished_at=timezone.now(), **how)


def let_lapse(worker):
    Worker.objects.filter(pk=worker.pk).update(alive_until=Now() - timedelta(seconds=1))


def test_with_nothing_to_do_there_is_nothing_to_tell(worker, pending):
    assert beat(worker.pk) == NOTHING


def test_what_a_worker_knows_that_it_holds_is_not_told(claimed, worker):
    assert beat(worker.pk, known=[str(claimed.pk)]) == NOTHING


def test_a_held_job_that_is_not_known_is_told_with_its_lease(claimed, worker):
    assert beat(worker.pk, known=[str(uuid4())]).unknown == {str(claimed.pk): 1}


def test_a_held_job_that_is_to_be_cancelled_is_told(claimed, worker):
    claimed.cancel()

    beaten = beat(worker.pk, known=[str(claimed.pk)])

    assert beaten == NOTHING._replace(cancelled={str(claimed.pk)})


def test_one_that_is_to_be_cancelled_may_be_unknown_too(claimed, worker):
    claimed.cancel()

    beaten = beat(worker.pk)

    assert (beaten.unknown, beaten.cancelled) == ({str(claimed.pk): 1}, {str(claimed.pk)})


def test_of_many_only_those_are_told_that_matter(claim, worker):
    for _ in range(20):
        Job.objects.enqueue("paint", {})
    jobs = claim()
    jobs[3].cancel()

    beaten = beat(worker.pk, known=[str(job.pk) for job in jobs[:-1]])

    assert (beaten.unknown, beaten.cancelled) == ({str(jobs[-1].pk): 1}, {str(jobs[3].pk)})


def test_the_jobs_of_another_worker_are_not_told(claimed, other_worker):
    claimed.cancel()

    assert beat(other_worker.pk) == NOTHING


def test_a_worker_whose_lease_has_lapsed_is_told_nothing(claimed, worker):
    let_lapse(worker)

    assert beat(worker.pk) is None

    assert not Worker.objects.alive().exists()


def test_a_worker_that_has_died_is_noticed(worker, other_worker):
    let_lapse(other_worker)

    assert beat(worker.pk).others_need_it


def test_a_job_whose_holder_is_gone_is_noticed(claimed, worker, other_worker):
    worker.delete()

    assert beat(other_worker.pk).others_need_it


ENDS = {
    "finished": lambda pk: end_unseen(pk, status="finished"),
    "in error": lambda pk: end_unseen(pk, status="error", error={"kind": "exception"}),
    "gone": lambda pk: Job.objects.filter(pk=pk).delete(),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_job_that_waits_for_one_which_has_ended_is_noticed(worker, waiting, how):
    ENDS[how](waiting[1].blocked_by)

    assert beat(worker.pk).others_need_it


def test_jobs_that_wait_for_what_has_not_ended_need_nobody(worker, waiting, claim):
    known = [str(job.pk) for job in claim(1)]

    assert beat(worker.pk, known=known) == NOTHING


def test_it_looks_at_a_part_of_what_waits_and_then_at_the_next(worker, waiting, monkeypatch):
    monkeypatch.setattr(queryset, "SWEPT", 2)
    end_unseen(waiting[2].blocked_by, status="finished")

    first = beat(worker.pk)
    second = beat(worker.pk, past=first.swept)

    assert (first.others_need_it, first.swept) == (False, waiting[1].blocked_by)
    assert (second.others_need_it, second.swept) == (True, None)


def test_it_only_looks(worker, other_worker, waiting):
    let_lapse(other_worker)
    end_unseen(waiting[0].blocked_by, status="finished")
    before = list(Job.objects.order_by("pk").values())

    beat(worker.pk)

    assert list(Job.objects.order_by("pk").values()) == before
    assert Worker.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_no_lock_on_what_it_tells(claimed, worker, other_worker, waiting, session):
    let_lapse(other_worker)
    for job in (claimed, Job(pk=waiting[0].blocked_by), waiting[0]):
        session.lock(job)
    session.execute("SELECT FROM job_workers WHERE id = %s FOR UPDATE", other_worker.pk)

    with bounded_transaction():
        beaten = beat(worker.pk)

    assert (beaten.others_need_it, beaten.unknown) == (True, {str(claimed.pk): 1})
