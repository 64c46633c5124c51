"""A job that could not be begun: back to the queue for a while."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs.models import Job

pytestmark = pytest.mark.django_db
A_WHILE = timedelta(seconds=30)


def test_the_attempt_is_given_back_and_nothing_is_held_against_it(claimed):
    assert claimed.put_back(A_WHILE)

    claimed.refresh_from_db()
    assert (claimed.status, claimed.attempts, claimed.crashes) == ("pending", 0, 0)
    assert (claimed.error, claimed.errors) == (None, [])


def test_it_is_due_again_after_that_time(claimed):
    claimed.put_back(A_WHILE)

    claimed.refresh_from_db()
    assert not claimed.due
    soon, later = Now() + A_WHILE - timedelta(seconds=20), Now() + A_WHILE
    assert Job.objects.filter(run_at__gt=soon, run_at__lte=later).exists()


def test_one_that_was_to_be_cancelled_is(claimed):
    claimed.cancel()

    claimed.put_back(A_WHILE)

    claimed.refresh_from_db()
    assert (claimed.status, claimed.error["kind"]) == ("error", "cancelled")


def test_only_its_holder_puts_it_back(lost):
    assert not lost.put_back(A_WHILE)
