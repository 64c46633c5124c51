"""How claims end whose jobs did not finish: many of them in one statement."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now

from jobs.models import Job
from jobs.models.manager import NewJob
from jobs.outcome import CANCELLED, Failure
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db
DRY = Failure("exception", "ValueError: no paint", "line 1")
AGAIN = Failure("exception", "ValueError: no paint", repeatable=True)
SOON = timedelta(seconds=30)


@pytest.fixture
def several(claim, register):
    """Seven jobs, which may be tried three times."""
    register("stubborn", max_attempts=3)
    Job.objects.enqueue_many([NewJob(type="stubborn", data={}) for _ in range(7)])
    return claim()


def test_each_ends_in_its_own_way(several):
    several[6].cancel()
    endings = [
        several[0].as_released(),
        several[1].as_released(SOON),
        several[2].as_lost("it was killed", begun=False),
        several[3].as_lost("it was killed", begun=True),
        several[4].as_failed(AGAIN),
        several[5].as_failed(DRY),
        several[6].as_released(),
    ]

    assert len(Job.objects.end(endings)) == 7

    names = ("status", "due", "attempts", "crashes", "suspect")
    assert [tuple(row(job)[name] for name in names) for job in several] == [
        ("pending", True, 0, 0, False),
        ("pending", False, 0, 0, False),
        ("pending", True, 0, 0, True),
        ("pending", True, 0, 1, True),
        ("pending", False, 1, 0, False),
        ("error", True, 1, 0, False),
        ("error", True, 1, 0, False),
    ]
    kinds = [[entry["kind"] for entry in row(job)["errors"]] for job in several]
    assert kinds == [[], [], [], ["crashed"], ["exception"], ["exception"], []]
    assert row(several[6])["error"] == CANCELLED.as_json()


def test_many_take_as_many_statements_as_one(several, django_assert_num_queries):
    with django_assert_num_queries(1):
        ended = Job.objects.end_some(job.as_failed(AGAIN) for job in several)

    assert ended.ways.keys() == {str(job.pk) for job in several}


def test_what_was_lost_is_left(lost):
    before = row(lost)

    assert Job.objects.end([lost.as_released()]) == set()

    assert row(lost) == before


def test_a_job_that_is_put_back_for_a_while_comes_after_it(several):
    several[0].put_back(SOON)

    job = row(several[0])
    assert (job["status"], job["due"], job["attempts"]) == ("pending", False, 0)
    assert job["run_at"] - job["updated_at"] == SOON


def test_what_others_wait_for_is_told(several):
    Job.objects.enqueue("paint", {}, after=several[1])

    ended = Job.objects.end_some(job.as_failed(DRY) for job in several)

    assert ended.awaited == [str(several[1].pk)]


def test_what_waits_for_a_job_that_gives_way_waits_for_its_twin(claim):
    first = Job.objects.enqueue("paint", {}, unique_key="wall")
    (held,) = claim()
    child = Job.objects.enqueue("paint", {}, after=first)
    twin = Job.objects.enqueue("paint", {}, unique_key="wall")

    assert Job.objects.end([held.as_released()]) == {str(first.pk)}

    assert row(first)["error"]["kind"] == "superseded"
    assert row(child)["blocked_by"] == twin.pk


def test_a_job_that_comes_to_wait_for_a_superseded_one_waits_for_its_twin(claim):
    first = Job.objects.enqueue("paint", {}, unique_key="wall")
    (held,) = claim()
    twin = Job.objects.enqueue("paint", {}, unique_key="wall")
    held.release()

    child = Job.objects.enqueue("paint", {}, after=first)
    Job.objects.settle([first.pk])

    assert (row(child)["status"], row(child)["blocked_by"]) == ("pending", twin.pk)


def test_if_the_twin_has_finished_by_then_it_may_run(claim):
    first = Job.objects.enqueue("paint", {}, unique_key="wall")
    (held,) = claim()
    Job.objects.enqueue("paint", {}, unique_key="wall")
    held.release()
    claim()[0].finish({})

    child = Job.objects.enqueue("paint", {}, after=first)
    Job.objects.settle([first.pk])

    assert (row(child)["due"], row(child)["blocked_by"]) == (True, None)


@pytest.mark.django_db(transaction=True)
def test_a_locked_row_is_left_and_keeps_nothing_else_waiting(several, session):
    session.lock(several[3])

    written = Job.objects.end(job.as_released() for job in several)

    assert written == {str(job.pk) for job in several} - {str(several[3].pk)}


@pytest.mark.django_db(transaction=True)
def test_a_twin_that_is_not_committed_yet_is_not_waited_for(claim, session):
    Job.objects.enqueue("paint", {}, unique_key="wall")
    (held,) = claim()
    session.execute(
        "INSERT INTO jobs (id, type, data, priority, due, unique_key, max_attempts)"
        " VALUES (%s, 'paint', '{}', 0, true, 'wall', 1)",
        uuid4(),
    )
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",), "else it would not be the statement that gives up"

    with pytest.raises(OperationalError, match="lock timeout"):
        Job.objects.end([held.as_released()])


def test_what_waits_for_one_that_runs_again_is_left(claim, register):
    first = Job.objects.enqueue("paint", {})
    child = Job.objects.enqueue("paint", {}, after=first)

    assert Job.objects.settle([first.pk]) == 0

    assert row(child)["status"] == "pending"


def test_what_waits_for_one_that_is_gone_is_blocked(pending):
    child = Job.objects.enqueue("paint", {}, after=pending)
    Job.objects.filter(pk=pending.pk).delete()

    assert Job.objects.settle([pending.pk]) == 1

    assert row(child)["error"]["kind"] == "blocked"
    assert row(child)["finished_at"] <= Job.objects.annotate(now=Now()).get(pk=child.pk).now
