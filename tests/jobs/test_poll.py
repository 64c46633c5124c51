"""The statement of a poll: what has come due may be claimed, and what can be claimed is found."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models import Job, queryset
from jobs.worker.rounds import poll
from jobs.worker.turn import due_of, only, turn
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db
PAINT = due_of(["paint"])


def in_an_hour(**options):
    return Job.objects.enqueue("paint", {}, run_at=timezone.now() + timedelta(hours=1), **options)


def let_the_hour_come(*jobs):
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(run_at=Now() - timedelta(seconds=1))


def test_a_job_may_run_once_its_hour_has_come(claim):
    job = in_an_hour()
    let_the_hour_come(job)

    assert poll(PAINT).made == 1

    assert claim() == [job]


def test_a_job_stays_where_it_is_until_then(claim):
    in_an_hour()

    assert poll(PAINT).made == 0

    assert claim() == []


def test_a_job_that_waits_for_another_is_not_made_due(pending):
    child = in_an_hour(after=pending)
    let_the_hour_come(child)

    assert poll(PAINT).made == 0

    assert not row(child)["due"]


def test_a_job_that_was_cancelled_meanwhile_is_left():
    job = in_an_hour()
    job.cancel()
    let_the_hour_come(job)

    assert poll(PAINT).made == 0


def test_many_are_made_due_in_batches_the_longest_waiting_first(monkeypatch):
    monkeypatch.setattr(queryset, "BATCH", 2)
    first, *others = [in_an_hour() for _ in range(3)]
    let_the_hour_come(*others)
    Job.objects.filter(pk=first.pk).update(run_at=Now() - timedelta(minutes=1))

    polled = poll(PAINT)

    assert (polled.made, row(first)["due"]) == (2, True)
    assert polled.wait < 0, "one is left"
    assert poll(PAINT)[:2] == (1, None)


def test_the_next_hour_is_known():
    in_an_hour()

    assert timedelta(minutes=59) < timedelta(seconds=poll(PAINT).wait) <= timedelta(hours=1)


def test_the_next_hour_is_that_of_a_job_which_is_not_due_yet():
    let_the_hour_come(in_an_hour())
    in_an_hour()

    made, wait, _ = poll(PAINT)

    assert made == 1
    assert timedelta(minutes=59) < timedelta(seconds=wait) <= timedelta(hours=1)


def test_without_a_job_for_later_there_is_no_next_hour(pending):
    Job.objects.enqueue("paint", {}, after=pending)

    assert poll(PAINT).wait is None


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_has_locked_is_left_for_the_next_time(session):
    locked, free = in_an_hour(), in_an_hour()
    let_the_hour_come(locked, free)
    session.lock(locked)

    polled = poll(PAINT)

    assert (polled.made, row(locked)["due"], row(free)["due"]) == (1, False, True)
    assert polled.wait < 0, "its hour has come"


def nothing():
    pass


def one():
    Job.objects.enqueue("paint", {})


def one_of_another_type():
    Job.objects.enqueue("ring", {})


def one_for_later():
    in_an_hour()


def one_that_waits():
    Job.objects.enqueue("paint", {}, after=in_an_hour())


def one_whose_twin_runs(worker):
    Job.objects.enqueue("paint", {}, unique_key="wall")
    turn(PAINT, worker.pk, {}, room=1, free=1)
    Job.objects.enqueue("paint", {}, unique_key="wall")


def one_with_a_key():
    Job.objects.enqueue("paint", {}, unique_key="wall")


WORLDS = [nothing, one, one_of_another_type, one_for_later, one_that_waits, one_with_a_key]


@pytest.mark.parametrize("world", WORLDS)
def test_what_it_finds_is_what_a_turn_would_claim(register, worker, world):
    register("ring")
    world()

    finds = poll(PAINT).claimable

    assert finds is bool(turn(PAINT, worker.pk, {}, room=1, free=1).claimed)


def test_it_finds_a_job_that_can_be_claimed(pending):
    assert poll(PAINT).claimable


def test_it_finds_no_job_whose_twin_runs(worker):
    one_whose_twin_runs(worker)

    assert not poll(PAINT).claimable
    assert turn(PAINT, worker.pk, {}, room=1, free=1).claimed == []


def test_it_finds_the_one_that_is_asked_for_whatever_its_hour(pending):
    job = in_an_hour()

    assert poll(only(job.pk)).claimable
    pending.cancel()
    assert not poll(only(pending.pk)).claimable
