from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jobs.models import Job
from jobs.models.manager import NewJob
from jobs.outcome import Failure
from tests.jobs.sessions import at_once, row

pytestmark = pytest.mark.django_db
TRANSACTIONAL = pytest.mark.django_db(transaction=True)
DRY = Failure("exception", "ValueError: no paint")


@pytest.fixture
def child(pending):
    return Job.objects.enqueue("paint", {}, after=pending)


def test_a_job_waits_for_the_one_before_it(child, pending):
    assert (child.status, child.due, child.blocked_by) == ("pending", False, pending.pk)


def test_a_job_may_run_once_the_one_before_it_has_finished(child, claim):
    (first,) = claim()

    first.finish({})

    assert claim() == [child]
    assert row(child)["blocked_by"] is None


def test_a_job_ends_blocked_when_the_one_before_it_fails(child, claim):
    (first,) = claim()

    first.fail(DRY)

    child.refresh_from_db()
    assert child.status == "error"
    assert child.error == {
        "kind": "blocked",
        "message": f"It waited for job {first.pk}, which failed.",
        "traceback": "",
    }


def test_a_chain_runs_in_order(child, claim):
    grandchild = Job.objects.enqueue("paint", {}, after=child)

    (first,) = claim()
    first.finish({})
    (second,) = claim()
    second.finish({})
    (third,) = claim()

    assert [second, third] == [child, grandchild]


def test_a_chain_ends_with_its_first_failure(child, claim):
    grandchild = Job.objects.enqueue("paint", {}, after=child)

    claim()[0].fail(DRY)

    assert row(child)["error"]["kind"] == "blocked"
    assert row(grandchild)["error"]["kind"] == "blocked"


def test_an_attempt_that_will_be_repeated_keeps_the_others_waiting(register, worker):
    register("stubborn", max_attempts=2)
    first = Job.objects.enqueue("stubborn", {})
    child = Job.objects.enqueue("paint", {}, after=first)
    (held,) = Job.objects.ready().claim(worker, limit=5)

    held.fail(Failure("exception", "ValueError: no paint", repeatable=True))

    assert (row(child)["status"], row(child)["blocked_by"]) == ("pending", first.pk)


def test_a_job_for_later_waits_for_its_hour_too(pending, claim):
    hour = timezone.now() + timedelta(hours=1)
    child = Job.objects.enqueue("paint", {}, after=pending, run_at=hour)

    claim()[0].finish({})

    assert (row(child)["blocked_by"], row(child)["due"]) == (None, False)
    assert claim() == []


@TRANSACTIONAL
def test_a_job_enqueued_after_a_finished_one_may_run(finished, claim):
    child = Job.objects.enqueue("paint", {}, after=finished)

    assert claim() == [child]


@TRANSACTIONAL
def test_a_job_enqueued_after_a_failed_one_ends_blocked(failed):
    child = Job.objects.enqueue("paint", {}, after=failed)

    assert row(child)["error"]["kind"] == "blocked"


@TRANSACTIONAL
def test_one_that_finished_before_its_child_was_committed_does_not_strand_it(claimed, claim):
    with transaction.atomic():
        child = Job.objects.enqueue("paint", {}, after=claimed)
        assert at_once(1, lambda _: claimed.finish({})) == [True]

    assert claim() == [child]


@TRANSACTIONAL
def test_one_that_finishes_while_its_child_is_committed_leaves_it_to_the_sweep(claimed, claim):
    with transaction.atomic():
        claimed.finish({})
        (child,) = at_once(1, lambda _: Job.objects.enqueue("paint", {}, after=claimed))

    assert Job.objects.sweep() == (1, None)

    assert claim() == [child]


@TRANSACTIONAL
def test_a_child_set_free_wakes_the_workers(child, claim, heard):
    (first,) = claim()
    heard()

    first.finish({})

    assert heard() == ["work"]


def test_a_sweep_settles_what_a_crash_left_unsettled(child, claim):
    (first,) = claim()
    Job.objects.filter(pk=first.pk).update(
        status="finished", worker=None, finished_at=timezone.now()
    )

    assert Job.objects.sweep() == (1, None)

    assert claim() == [child]


def test_a_sweep_leaves_what_still_waits(child):
    assert Job.objects.sweep() == (0, None)

    assert row(child)["status"] == "pending"


def test_a_job_that_waited_for_one_that_is_gone_ends_blocked(child, pending):
    Job.objects.filter(pk=pending.pk).delete()

    assert Job.objects.sweep() == (1, None)

    assert row(child)["error"]["kind"] == "blocked"


def test_more_than_a_batch_is_settled(claim):
    parent = Job.objects.enqueue("paint", {}, priority=1)
    Job.objects.enqueue_many(NewJob(type="paint", data={}, after=parent) for _ in range(1_001))

    claim(limit=1)[0].finish({})

    assert Job.objects.ready().count() == 1_001


def test_a_failure_that_ends_very_many_is_few_statements(pending, claim, assert_few_statements):
    Job.objects.enqueue_many([NewJob(type="paint", data={}, after=pending)] * 1_200)
    (first,) = claim()

    with assert_few_statements():
        first.fail(DRY)

    assert Job.objects.filter(error__kind="blocked").count() == 1_200


def test_a_very_long_chain_is_left_to_the_sweeps(pending, claim, assert_few_statements):
    chain = [pending]
    for _ in range(50):
        chain.append(Job.objects.enqueue("paint", {}, after=chain[-1]))
    (first,) = claim()

    with assert_few_statements():
        first.fail(DRY)
    while Job.objects.sweep()[0]:
        pass

    assert Job.objects.filter(error__kind="blocked").count() == 50


@pytest.fixture
def assert_few_statements(django_assert_max_num_queries):
    """As many as fit in the transaction of a worker, whatever waits."""
    return lambda: django_assert_max_num_queries(150)
