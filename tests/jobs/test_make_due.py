from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models import Job
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db


def in_an_hour(**options):
    return Job.objects.enqueue("paint", {}, run_at=timezone.now() + timedelta(hours=1), **options)


def let_the_hour_come(*jobs):
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(run_at=Now() - timedelta(seconds=1))


def test_a_job_may_run_once_its_hour_has_come(claim):
    job = in_an_hour()
    let_the_hour_come(job)

    assert Job.objects.make_due() == 1

    assert claim() == [job]


def test_a_job_stays_where_it_is_until_then(claim):
    in_an_hour()

    assert Job.objects.make_due() == 0

    assert claim() == []


def test_a_job_that_waits_for_another_is_not_made_due(pending):
    child = in_an_hour(after=pending)
    let_the_hour_come(child)

    assert Job.objects.make_due() == 0

    assert not row(child)["due"]


def test_a_job_that_was_cancelled_meanwhile_is_left():
    job = in_an_hour()
    job.cancel()
    let_the_hour_come(job)

    assert Job.objects.make_due() == 0


def test_many_are_made_due_in_batches():
    jobs = [in_an_hour() for _ in range(3)]
    let_the_hour_come(*jobs)

    assert Job.objects.make_due() == 3


def test_the_next_hour_is_known():
    in_an_hour()

    wait = Job.objects.next_run_in()

    assert timedelta(minutes=59) < wait <= timedelta(hours=1)


def test_without_a_job_for_later_there_is_no_next_hour(pending):
    Job.objects.enqueue("paint", {}, after=pending)

    assert Job.objects.next_run_in() is None


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_has_locked_is_left_for_the_next_time(session):
    locked, free = in_an_hour(), in_an_hour()
    let_the_hour_come(locked, free)
    session.lock(locked)

    assert Job.objects.make_due() == 1

    assert (row(locked)["due"], row(free)["due"]) == (False, True)
