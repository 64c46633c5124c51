import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.errors import InvalidPayload
from jobs.models import Job
from jobs.models.manager import NewJob
from tests.jobs.sessions import at_once

pytestmark = pytest.mark.django_db


def new(**options):
    return NewJob(type="paint", **({"data": {}} | options))


def test_all_are_added_in_the_order_given():
    jobs = Job.objects.enqueue_many(new(data={"coats": coats}) for coats in range(5))

    assert [job.data["coats"] for job in jobs] == [0, 1, 2, 3, 4]
    assert list(Job.objects.order_by("id")) == jobs


def test_all_are_claimed_in_the_order_given(claim):
    jobs = Job.objects.enqueue_many(new() for _ in range(20))

    assert claim() == jobs


def test_one_wrong_job_refuses_all():
    with pytest.raises(InvalidPayload):
        Job.objects.enqueue_many([new(), new(data={"size": 1})])

    assert not Job.objects.exists()


def test_each_job_has_its_own_options(register):
    register("ring")

    jobs = Job.objects.enqueue_many(
        [new(priority=5), NewJob(type="ring", data={}, unique_key="bell")]
    )

    assert [(job.type, job.priority, job.unique_key) for job in jobs] == [
        ("paint", 5, ""),
        ("ring", 0, "bell"),
    ]


def test_none_is_fine():
    assert Job.objects.enqueue_many([]) == []


def test_a_key_given_twice_is_one_job():
    first, other, second = Job.objects.enqueue_many(
        [new(unique_key="wall"), new(), new(unique_key="wall", data={"coats": 2})]
    )

    assert first == second
    assert first != other
    assert first.data["coats"] == 1


def test_a_key_that_waits_already_gives_the_waiting_job():
    waiting = Job.objects.enqueue("paint", {}, unique_key="wall")

    assert Job.objects.enqueue_many([new(unique_key="wall"), new()])[0] == waiting
    assert Job.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_with_the_same_keys_in_other_orders_do_not_lock_each_other_out():
    walls = [new(unique_key=f"wall {number}") for number in range(500)]
    Job.objects.enqueue_many(walls)

    at_once(4, lambda number: Job.objects.enqueue_many(walls[:: 1 if number % 2 else -1]))

    assert Job.objects.count() == 500


def test_thousands_take_a_handful_of_statements():
    with CaptureQueriesContext(connection) as statements:
        jobs = Job.objects.enqueue_many(new() for _ in range(5_000))

    assert len({job.pk for job in jobs}) == 5_000
    assert sum("INSERT INTO jobs" in statement["sql"] for statement in statements) == 3


def test_a_job_may_wait_for_an_older_one(pending):
    (job,) = Job.objects.enqueue_many([new(after=pending)])

    assert (job.blocked_by, job.due) == (pending.pk, False)
