from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db


def test_a_finished_job_has_its_result(claimed):
    assert claimed.finish({"painted": 2})

    claimed.refresh_from_db()
    assert (claimed.status, claimed.result, claimed.error) == ("finished", {"painted": 2}, None)


def test_a_handler_may_return_nothing(claimed):
    assert claimed.finish(None)

    assert Job.objects.filter(status="finished", result__isnull=True).exists()


def test_nobody_holds_a_finished_job(claimed):
    claimed.finish({})

    claimed.refresh_from_db()
    assert claimed.worker_id is None
    assert claimed.finished_at - claimed.started_at >= timedelta(0)
    assert claimed.updated_at == claimed.finished_at


def test_a_finished_job_keeps_its_counts(claimed):
    claimed.finish({})

    claimed.refresh_from_db()
    assert (claimed.lease, claimed.attempts, claimed.crashes) == (1, 1, 0)


def test_progress_ends_with_the_job(claimed):
    claimed.report({"done": 1, "total": 2, "message": ""})

    claimed.finish({})

    assert row(claimed)["progress"] is None


def test_a_job_that_finishes_before_it_sees_its_cancellation_is_finished(claimed):
    claimed.cancel()

    assert claimed.finish({})

    claimed.refresh_from_db()
    assert (claimed.status, claimed.cancel_requested_at) == ("finished", None)


def test_who_has_lost_a_job_cannot_finish_it(lost):
    before = row(lost)

    assert not lost.finish({"late": True})

    assert row(lost) == before


def test_a_job_is_finished_once(claimed):
    assert claimed.finish({"painted": 1})
    assert not claimed.finish({"painted": 2})

    assert row(claimed)["result"] == {"painted": 1}


def test_many_are_finished_in_one_statement(claim):
    for _ in range(10):
        Job.objects.enqueue("paint", {})
    jobs = claim()

    with CaptureQueriesContext(connection) as statements:
        ended = Job.objects.finish({job: {"number": i} for i, job in enumerate(jobs)})

    assert sum("UPDATE jobs" in statement["sql"] for statement in statements) == 1
    assert set(ended) == {job.pk for job in jobs}
    assert [row(job)["result"]["number"] for job in jobs] == list(range(10))


def test_of_many_those_that_were_lost_are_left(claim):
    kept, lost = Job.objects.enqueue("paint", {}), Job.objects.enqueue("paint", {})
    kept, lost = claim()
    Job.objects.get(pk=lost.pk).rescue("it was killed")

    assert Job.objects.finish({kept: {}, lost: {}}) == [kept.pk]
    assert row(lost)["status"] == "pending"


def test_none_is_fine():
    assert Job.objects.finish({}) == []


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_has_locked_is_passed_over(claimed, session):
    session.lock(claimed)

    assert not claimed.finish({})

    assert Job.objects.held([claimed]) == {claimed.pk}


def test_what_is_held_can_be_asked(claimed):
    assert Job.objects.held([claimed]) == {claimed.pk}


def test_what_was_lost_is_not_held(lost):
    assert Job.objects.held([lost]) == set()
