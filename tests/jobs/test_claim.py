from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job
from tests.jobs.sessions import at_once, row

pytestmark = pytest.mark.django_db
TRANSACTIONAL = pytest.mark.django_db(transaction=True)


def test_a_claimed_job_belongs_to_its_worker(pending, claim, worker):
    (job,) = claim()

    job.refresh_from_db()
    assert job == pending
    assert (job.status, job.worker, job.attempts, job.lease) == ("processing", worker, 1, 1)
    assert job.started_at >= job.created_at


def test_the_claimer_knows_the_lease_without_asking_again(pending, claim, worker):
    (job,) = claim()

    assert (job.status, job.worker_id, job.lease, job.attempts) == ("processing", worker.pk, 1, 1)


def test_each_claim_raises_the_lease(claimed, claim):
    claimed.release()

    assert claim()[0].lease == 2


def test_a_claimed_job_is_not_claimed_again(claimed, claim):
    assert claim() == []


def test_the_most_urgent_goes_first(claim):
    low, high, middle = (Job.objects.enqueue("paint", {}, priority=p) for p in (-1, 1, 0))

    assert claim() == [high, middle, low]


def test_of_equals_the_one_due_longest_goes_first(claim):
    now = timezone.now()
    late = Job.objects.enqueue("paint", {}, run_at=now - timedelta(minutes=1))
    early = Job.objects.enqueue("paint", {}, run_at=now - timedelta(minutes=2))

    assert claim() == [early, late]


def test_of_equals_due_together_the_older_goes_first(claim):
    now = timezone.now()
    jobs = [Job.objects.enqueue("paint", {}, run_at=now) for _ in range(3)]

    assert claim() == jobs


def test_no_more_than_asked_are_claimed(claim):
    first, second = (Job.objects.enqueue("paint", {}) for _ in range(2))

    assert claim(limit=1) == [first]
    assert row(second)["status"] == "pending"


def test_a_job_for_later_is_left(claim):
    Job.objects.enqueue("paint", {}, run_at=timezone.now() + timedelta(hours=1))

    assert claim() == []


def test_a_job_that_waits_for_another_is_left(pending, claim):
    Job.objects.enqueue("paint", {}, after=pending)

    assert claim() == [pending]


@pytest.mark.parametrize("state", ["finished", "failed"])
def test_a_job_that_has_ended_is_left(request, claim, state):
    request.getfixturevalue(state)

    assert claim() == []


def test_types_that_a_worker_does_not_know_are_left_for_others(register, pending, worker):
    register("ring")
    Job.objects.enqueue("ring", {}, priority=100)

    known = Job.objects.ready().filter(type__in=worker.types)

    assert known.claim(worker, limit=10) == [pending]


@TRANSACTIONAL
def test_a_row_that_somebody_has_locked_is_passed_over(pending, claim, session):
    free = Job.objects.enqueue("paint", {})
    session.lock(pending)

    assert claim() == [free]


@TRANSACTIONAL
def test_two_claimers_never_get_the_same_job(worker):
    jobs = [Job.objects.enqueue("paint", {}) for _ in range(60)]

    claims = at_once(6, lambda _: Job.objects.ready().claim(worker, limit=20))

    taken = [job.pk for claim in claims for job in claim]
    assert len(taken) == len(set(taken))
    assert set(Job.objects.filter(lease=1).values_list("pk", flat=True)) == set(taken)
    assert not Job.objects.filter(lease__gt=1).exists()
    assert {job.pk for job in jobs} >= set(taken) != set()


@TRANSACTIONAL
def test_a_check_of_a_foreign_key_does_not_hide_a_job(pending, claim, session):
    session.execute("SELECT FROM jobs WHERE id = %s FOR KEY SHARE", pending.pk)

    assert claim() == [pending]
