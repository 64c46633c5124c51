from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import DataError, IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from jobs.errors import InvalidPayload
from jobs.models import Job
from jobs.models.manager import NewJob
from tests.jobs.sessions import at_once, row

pytestmark = pytest.mark.django_db
LONG_AGO, SOONER, LATER = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2100, 2101))
TRANSACTIONAL = pytest.mark.django_db(transaction=True)


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


def test_a_key_given_to_two_types_is_two_jobs(register):
    register("ring")

    wall, bell = Job.objects.enqueue_many(
        [new(unique_key="wall"), NewJob(type="ring", unique_key="wall")]
    )

    assert (wall.type, bell.type, wall == bell) == ("paint", "ring", False)


# A list is as its jobs one by one, whether the key waits already or not.
WISHES = [
    [{"priority": 1}, {"priority": 9}, {"priority": 3}],
    [{"run_at": LATER}, {}],
    [{}, {"run_at": LATER}],
    [{"run_at": LATER}, {"run_at": SOONER}],
    [{}, {"run_at": LONG_AGO}],
    [{"run_at": LONG_AGO}, {}],
    [{"data": {"coats": 2}}, {"data": {"coats": 3}}],
    [{"data": {"coats": 2}}, {"data": {"coats": 3}, "replace": True}, {"data": {"coats": 4}}],
    [{"data": {"coats": 2}, "replace": True}, {"entity_id": UUID(int=1)}],
    [{"entity_id": UUID(int=1)}, {"replace": True}],
]


@pytest.mark.parametrize(
    "waits", [None, {"run_at": LATER, "priority": 2, "entity_id": UUID(int=2)}]
)
@pytest.mark.parametrize("wishes", WISHES)
def test_several_of_one_key_are_as_one_after_another(wishes, waits):
    for key in ("together", "apart") if waits else ():
        Job.objects.enqueue("paint", unique_key=key, **waits)

    together = Job.objects.enqueue_many(new(unique_key="together", **wish) for wish in wishes)
    apart = [Job.objects.enqueue("paint", unique_key="apart", **wish) for wish in wishes]

    assert set(together) == {together[0]}
    assert as_wished(together[0]) == as_wished(apart[-1])


def as_wished(job):
    run_at = job.run_at if job.run_at in (LATER, SOONER, LONG_AGO) else "at once"
    return row(job)["due"], run_at, job.priority, job.data, job.entity_id


def test_several_of_one_key_wait_for_what_the_first_waits_for(pending):
    (job, _) = Job.objects.enqueue_many(
        [new(unique_key="wall", after=pending), new(unique_key="wall")]
    )

    assert (job.blocked_by, job.due) == (pending.pk, False)


def test_a_key_that_waits_already_gives_the_waiting_job():
    waiting = Job.objects.enqueue("paint", {}, unique_key="wall")

    assert Job.objects.enqueue_many([new(unique_key="wall"), new()])[0] == waiting
    assert Job.objects.count() == 2


@TRANSACTIONAL
def test_two_with_the_same_keys_in_other_orders_do_not_lock_each_other_out():
    walls = [new(unique_key=f"wall {number}") for number in range(500)]
    Job.objects.enqueue_many(walls)

    at_once(4, lambda number: Job.objects.enqueue_many(walls[:: 1 if number % 2 else -1]))

    assert Job.objects.count() == 500


def test_thousands_take_one_statement():
    with CaptureQueriesContext(connection) as statements:
        jobs = Job.objects.enqueue_many(new() for _ in range(5_000))

    assert len(statements) == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {job.pk for job in jobs}


def test_thousands_with_keys_take_a_handful_of_statements():
    with CaptureQueriesContext(connection) as statements:
        jobs = Job.objects.enqueue_many(new(unique_key=str(number)) for number in range(5_000))

    assert [job.unique_key for job in jobs] == [str(number) for number in range(5_000)]
    assert sum("INSERT INTO jobs" in statement["sql"] for statement in statements) == 3


@pytest.mark.parametrize("more", [{}, {"run_at": datetime(2030, 1, 1, tzinfo=UTC)}])
def test_rows_are_the_same_by_either_way(pending, register, more):
    """A key makes the difference: a list with one is inserted, a list without one is copied."""
    register("ring\t\n", max_attempts=3)
    user = get_user_model().objects.create_user("anne")
    orders = [
        new(data={"colour": 'tab\t "quoted" \\N \\ é😀 \r\n'}, **more),
        new(priority=-7, user=user, entity_id=UUID(int=1), **more),
        new(after=pending, **more),
        NewJob(type="ring\t\n", data={}, **more),
    ]

    copied = Job.objects.enqueue_many(orders)
    inserted = Job.objects.enqueue_many([*orders, new(unique_key="wall", **more)])[:-1]

    assert [as_ordered(job) for job in copied] == [as_ordered(job) for job in inserted]
    for one in (*copied, *inserted):
        assert row(one) == {name: getattr(one, name) for name in row(one)}


def as_ordered(job):
    """The row, with its moments only as far as they are not that of the statement."""
    kept = row(job)
    at = kept.pop("created_at")
    return {name: value for name, value in kept.items() if name != "id" and value != at}


def test_those_without_an_hour_may_run_now_beside_those_with_one():
    hour = datetime(2030, 1, 1, tzinfo=UTC)

    now, later = Job.objects.enqueue_many([new(), new(run_at=hour)])

    assert (now.run_at, now.due) == (now.created_at, True)
    assert (later.run_at, later.due) == (hour, False)


def test_they_run_after_what_the_same_transaction_has_enqueued(claim):
    first = Job.objects.enqueue("paint", {})
    second, third = Job.objects.enqueue_many([new(), new()])
    fourth = Job.objects.enqueue("paint", {})

    assert claim() == [first, second, third, fourth]


def test_one_wrong_job_at_the_end_of_many_refuses_all():
    with pytest.raises(InvalidPayload):
        Job.objects.enqueue_many([*[new()] * 5_000, new(data={"size": 1})])

    assert not Job.objects.exists()


@TRANSACTIONAL
def test_many_of_which_the_database_refuses_the_last_leave_nothing():
    nobody = get_user_model()(pk=UUID(int=1))

    with pytest.raises(IntegrityError):
        Job.objects.enqueue_many([*[new()] * 5_000, new(user=nobody)])

    assert not Job.objects.exists()


@TRANSACTIONAL
def test_many_that_break_off_on_the_way_leave_nothing_and_the_connection_usable():
    with pytest.raises(DataError):
        Job.objects.enqueue_many([*[new()] * 5_000, new(user=stranger()), new()])

    assert not Job.objects.exists()


def stranger() -> Any:
    """Somebody whose key is none."""
    user = get_user_model()()
    user.pk = "nobody"
    return user


@TRANSACTIONAL
@pytest.mark.parametrize("key", ["", "wall"])
def test_a_list_wakes_once(heard, key):
    Job.objects.enqueue_many([new(), new(), new(unique_key=key)])

    assert heard() == ["work"]


@TRANSACTIONAL
def test_a_list_for_later_wakes_nobody(heard):
    hour = datetime(2100, 1, 1, tzinfo=UTC)

    Job.objects.enqueue_many([new(run_at=hour), new(run_at=hour)])

    assert heard() == []


@pytest.mark.parametrize("length", [0, 1, 2, 30])
def test_what_comes_back_is_as_a_list(length):
    jobs = Job.objects.enqueue_many(new() for _ in range(length))

    same = list(Job.objects.order_by("id"))
    assert (len(jobs), bool(jobs)) == (length, length > 0)
    assert jobs == same
    assert same == jobs
    assert (jobs[:2], jobs[::-1], jobs[-3:-1]) == (same[:2], same[::-1], same[-3:-1])
    assert (jobs + jobs, same + jobs) == (same + same, same + same)
    assert repr(jobs) == repr(same)
    assert jobs != [*same, None]


def test_a_job_asked_for_twice_is_the_same_one():
    jobs = Job.objects.enqueue_many([new(), new()])

    assert jobs[0] is jobs[-2]
    assert jobs[0] in jobs
    with pytest.raises(IndexError):
        jobs[2]


def test_a_job_may_wait_for_an_older_one(pending):
    (job,) = Job.objects.enqueue_many([new(after=pending)])

    assert (job.blocked_by, job.due) == (pending.pk, False)
