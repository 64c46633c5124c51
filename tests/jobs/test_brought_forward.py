"""What waits under a key has the best of all that was enqueued under it."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from jobs.models import Job
from jobs.outcome import Failure
from tests.jobs.sessions import row
from tests.jobs.test_unique_key import wall

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(("first", "second"), [(0, 5), (5, 0), (-5, -9)])
def test_what_waits_has_the_higher_priority_of_the_two(first, second):
    wall(priority=first)

    job = wall(priority=second)

    assert job.priority == row(job)["priority"] == max(first, second)


def test_one_for_later_is_brought_forward(claim):
    first = wall(run_at=timezone.now() + 30 * A_DAY)

    job = wall()

    assert (job, job.due) == (first, True)
    assert job.run_at < timezone.now() + A_DAY
    assert claim() == [first]


def test_one_for_later_is_brought_forward_to_an_earlier_hour():
    tomorrow = timezone.now() + A_DAY
    wall(run_at=timezone.now() + 30 * A_DAY)

    job = wall(run_at=tomorrow)

    assert (job.run_at, job.due) == (tomorrow, False)


def test_a_later_hour_puts_nothing_off():
    first = wall()

    job = wall(run_at=timezone.now() + A_DAY)

    assert (job.run_at, job.due, job.updated_at) == (first.run_at, True, first.updated_at)


def test_one_brought_forward_still_waits_for_its_other_job(pending):
    wall(after=pending, run_at=timezone.now() + A_DAY)

    job = wall()

    assert (job.due, job.blocked_by) == (False, pending.pk)
    assert job.run_at < timezone.now()


def test_one_that_waits_after_a_failure_keeps_its_hour(register, worker):
    register("stubborn", max_attempts=3)
    stubborn = {"type": "stubborn", "unique_key": "wall"}
    Job.objects.enqueue(**stubborn)
    (first,) = Job.objects.ready().claim(worker, limit=1)
    first.fail(Failure("exception", "ValueError: no paint", repeatable=True))

    job = Job.objects.enqueue(**stubborn, priority=5)

    assert (job, job.due, job.priority) == (first, False, 5)
    assert job.run_at > timezone.now()


def test_one_whose_run_put_it_off_keeps_its_hour(claim):
    wall()
    (first,) = claim()
    hour = timezone.now() + A_DAY
    # As a Snooze leaves it: the attempt given back, no error.
    Job.objects.filter(pk=first.pk).update(
        status="pending", worker=None, attempts=0, due=False, run_at=hour
    )

    job = wall()

    assert (job.run_at, job.due) == (hour, False)


def test_the_data_user_and_entity_are_the_new_ones_where_they_replace():
    anne = get_user_model().objects.create_user("anne")
    first = wall(data={"coats": 1}, run_at=timezone.now() + A_DAY)

    job = wall(data={"coats": 2}, user=anne, entity_id=UUID(int=1), replace=True)

    assert (job, job.data["coats"], job.user_id, job.entity_id) == (first, 2, anne.pk, UUID(int=1))
    assert row(job) == {name: getattr(job, name) for name in row(job)}
    assert job.updated_at > first.updated_at


def test_what_replaces_may_leave_user_and_entity_empty():
    anne = get_user_model().objects.create_user("anne")
    wall(user=anne, entity_id=UUID(int=1))

    job = wall(replace=True)

    assert (job.user_id, job.entity_id) == (None, None)


def test_what_runs_keeps_its_data_though_another_is_to_replace_them(claim):
    first = wall(data={"coats": 1})
    claim()

    second = wall(data={"coats": 2}, replace=True)

    assert (row(first)["data"]["coats"], second.data["coats"]) == (1, 2)
