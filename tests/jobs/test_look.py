"""The statement of a look: what a worker learns of the jobs it holds, and of those left behind."""

from uuid import uuid4

import pytest
from django.utils import timezone

from jobs.models import Job, Worker, queryset
from jobs.worker.line import bounded_transaction
from jobs.worker.rounds import Looked, look

pytestmark = pytest.mark.django_db
NOTHING = Looked(False, None, {}, set())


@pytest.fixture
def waiting():
    """Three jobs, each waiting for another, in the order of these."""
    parents = sorted((Job.objects.enqueue("paint", {}) for _ in range(3)), key=lambda job: job.pk)
    return [Job.objects.enqueue("paint", {}, after=parent) for parent in parents]


def end_unseen(pk, **how):
    """End a job as if its worker had been killed before it could settle what waits for it."""
    Job.objects.filter(pk=pk).update(finished_at=timezone.now(), **how)


def test_with_nothing_to_do_there_is_nothing_to_tell(worker, pending):
    assert look(worker.pk) == NOTHING


def test_what_a_worker_knows_that_it_holds_is_not_told(claimed, worker):
    assert look(worker.pk, known=[str(claimed.pk)]) == NOTHING


def test_a_held_job_that_is_not_known_is_told_with_its_lease(claimed, worker):
    assert look(worker.pk, known=[str(uuid4())]).unknown == {str(claimed.pk): 1}


def test_a_held_job_that_is_to_be_cancelled_is_told(claimed, worker):
    claimed.cancel()

    looked = look(worker.pk, known=[str(claimed.pk)])

    assert looked == NOTHING._replace(cancelled={str(claimed.pk)})


def test_one_that_is_to_be_cancelled_may_be_unknown_too(claimed, worker):
    claimed.cancel()

    looked = look(worker.pk)

    assert (looked.unknown, looked.cancelled) == ({str(claimed.pk): 1}, {str(claimed.pk)})


def test_of_many_only_those_are_told_that_matter(claim, worker):
    for _ in range(20):
        Job.objects.enqueue("paint", {})
    jobs = claim()
    jobs[3].cancel()

    looked = look(worker.pk, known=[str(job.pk) for job in jobs[:-1]])

    assert (looked.unknown, looked.cancelled) == ({str(jobs[-1].pk): 1}, {str(jobs[3].pk)})


def test_the_jobs_of_another_worker_are_not_told(claimed, other_worker):
    claimed.cancel()

    assert look(other_worker.pk) == NOTHING


def test_a_job_whose_holder_is_gone_is_noticed(claimed, worker, other_worker):
    worker.delete()

    assert look(other_worker.pk).others_need_it


ENDS = {
    "finished": lambda pk: end_unseen(pk, status="finished"),
    "in error": lambda pk: end_unseen(pk, status="error", error={"kind": "exception"}),
    "gone": lambda pk: Job.objects.filter(pk=pk).delete(),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_job_that_waits_for_one_which_has_ended_is_noticed(worker, waiting, how):
    ENDS[how](waiting[1].blocked_by)

    assert look(worker.pk).others_need_it


def test_jobs_that_wait_for_what_has_not_ended_need_nobody(worker, waiting, claim):
    known = [str(job.pk) for job in claim(1)]

    assert look(worker.pk, known=known) == NOTHING


def test_it_looks_at_a_part_of_what_waits_and_then_at_the_next(worker, waiting, monkeypatch):
    monkeypatch.setattr(queryset, "SWEPT", 2)
    end_unseen(waiting[2].blocked_by, status="finished")

    first = look(worker.pk)
    second = look(worker.pk, past=first.swept)

    assert (first.others_need_it, first.swept) == (False, waiting[1].blocked_by)
    assert (second.others_need_it, second.swept) == (True, None)


def test_it_only_looks(worker, other_worker, waiting):
    end_unseen(waiting[0].blocked_by, status="finished")
    before = list(Job.objects.order_by("pk").values())

    look(worker.pk)

    assert list(Job.objects.order_by("pk").values()) == before
    assert Worker.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_no_lock_on_what_it_tells(claimed, worker, waiting, session):
    end_unseen(waiting[0].blocked_by, status="finished")
    for job in (claimed, Job(pk=waiting[0].blocked_by), waiting[0]):
        session.lock(job)

    with bounded_transaction():
        looked = look(worker.pk)

    assert (looked.others_need_it, looked.unknown) == (True, {str(claimed.pk): 1})
