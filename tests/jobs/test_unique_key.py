from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from jobs.models import Job, Worker
from jobs.models.manager import NewJob
from jobs.outcome import Failure
from tests.jobs.sessions import Session, at_once, row

pytestmark = pytest.mark.django_db
TRANSACTIONAL = pytest.mark.django_db(transaction=True)
A_DAY = timedelta(days=1)
DRY = Failure("exception", "ValueError: no paint")


def wall(**options):
    return Job.objects.enqueue("paint", options.pop("data", {}), unique_key="wall", **options)


def test_a_second_is_the_one_that_waits(claim):
    first = wall()

    assert wall() == first
    assert Job.objects.count() == 1


def test_the_data_of_the_waiting_one_stays():
    first = wall(data={"coats": 1})

    assert wall(data={"coats": 2}).data["coats"] == 1
    assert row(first)["data"]["coats"] == 1


def test_other_keys_and_none_do_not_meet():
    wall()
    Job.objects.enqueue("paint", {}, unique_key="roof")
    Job.objects.enqueue("paint", {})
    Job.objects.enqueue("paint", {})

    assert Job.objects.count() == 4


def test_the_same_key_of_another_type_is_another_job(register, claim):
    register("ring")
    first, second = wall(), Job.objects.enqueue("ring", unique_key="wall")

    assert first != second
    assert claim() == [first, second]


def test_a_job_put_back_gives_way_to_none_of_another_type(register, claim):
    register("ring")
    first = wall()
    claim()
    Job.objects.enqueue("ring", unique_key="wall")

    assert Job.objects.get(pk=first.pk).release()

    assert row(first)["status"] == "pending"


def test_one_more_may_wait_while_one_runs(claim):
    first = wall()
    claim()

    assert wall() != first
    assert Job.objects.count() == 2


def test_the_one_that_waits_is_not_claimed_while_the_other_runs(claim):
    wall()
    claim()
    wall()

    assert claim() == []


@pytest.mark.parametrize("end", [lambda job: job.finish({}), lambda job: job.fail(DRY)])
def test_the_one_that_waits_is_claimed_once_the_other_has_ended(claim, end):
    wall()
    (first,) = claim()
    second = wall()

    end(first)

    assert claim() == [second]


@pytest.mark.parametrize(
    "put_back", [lambda job: job.release(), lambda job: job.rescue("it was killed")]
)
def test_a_job_put_back_gives_way_to_the_one_that_waits(claim, put_back):
    wall()
    (first,) = claim()
    second = wall()

    assert put_back(first)

    first.refresh_from_db()
    assert first.status == "error"
    assert first.error == {
        "kind": "superseded",
        "message": f"Job {second.pk} waits under the same unique_key.",
        "traceback": "",
    }
    assert claim() == [second]


def test_a_failed_attempt_gives_way_to_the_one_that_waits(register, worker):
    register("stubborn", max_attempts=3)
    Job.objects.enqueue("stubborn", {}, unique_key="wall")
    (first,) = Job.objects.ready().claim(worker, limit=1)
    Job.objects.enqueue("stubborn", {}, unique_key="wall")

    first.fail(Failure("exception", "ValueError: no paint", repeatable=True))

    first.refresh_from_db()
    assert first.error["kind"] == "superseded"
    assert [entry["kind"] for entry in first.errors] == ["exception"]


def test_a_retried_job_gives_way_to_the_one_that_waits(claim):
    wall()
    (first,) = claim()
    first.fail(DRY)
    second = wall()

    first.retry()

    assert row(first)["error"]["kind"] == "superseded"
    assert claim() == [second]


def test_what_ended_with_a_job_stays_ended_when_its_retry_gives_way(claim):
    first = wall()
    child = Job.objects.enqueue("paint", {}, after=first)
    claim()[0].fail(DRY)
    wall()

    first.retry()

    assert row(child)["error"]["kind"] == "blocked"


def test_what_waited_for_a_job_that_gave_way_waits_for_the_other(claim):
    wall()
    (first,) = claim()
    child = Job.objects.enqueue("paint", {}, after=first)
    second = wall()

    first.release()

    assert row(child)["blocked_by"] == second.pk
    assert claim() == [second]


def test_a_twin_that_waited_for_the_job_that_gave_way_may_run(claim):
    wall()
    (first,) = claim()
    second = wall(after=first)

    first.release()

    assert claim() == [second]


def test_a_twin_that_waited_for_it_through_another_may_run(claim):
    wall()
    (first,) = claim()
    between = Job.objects.enqueue("paint", {}, after=first)
    second = wall(after=between)

    first.release()

    assert claim() == [second]
    second.refresh_from_db()
    second.finish({})
    assert claim() == [between]


@pytest.mark.parametrize("length", [1, 2, 150, 2_001])
def test_a_list_of_any_length_meets_what_waits(length):
    waiting = wall()
    orders = [NewJob(type="paint", data={}, unique_key=key) for key in ["wall", *range_of(length)]]

    jobs = Job.objects.enqueue_many(orders)

    assert jobs[0] == waiting
    assert [job.unique_key for job in jobs[1:]] == range_of(length)
    assert Job.objects.count() == length


def range_of(length):
    return [f"key {number}" for number in range(1, length)]


@TRANSACTIONAL
@pytest.mark.parametrize("others", [0, 3])
def test_what_a_list_meets_does_not_start_before_the_commit_either(claim, others):
    first = wall()
    wall_again = NewJob(type="paint", data={}, unique_key="wall")

    with transaction.atomic():
        jobs = Job.objects.enqueue_many([wall_again, *[NewJob(type="paint", data={})] * others])
        assert at_once(1, lambda _: claim()) == [[]]

    assert claim() == [first, *jobs[1:]]


@TRANSACTIONAL
def test_fifty_at_once_are_one_job():
    jobs = at_once(50, lambda _: wall().pk)

    assert len(jobs) == 50
    assert set(jobs) == {Job.objects.get().pk}


@TRANSACTIONAL
def test_the_waiting_one_does_not_start_before_who_met_it_has_committed(claim):
    first = wall()

    with transaction.atomic():
        assert wall() == first
        assert at_once(1, lambda _: claim()) == [[]]

    assert claim() == [first]


@TRANSACTIONAL
def test_who_meets_one_that_is_not_committed_yet_waits_and_has_its_own_after_a_rollback():
    with Session() as other:
        other.execute(
            "INSERT INTO jobs (id, type, data, priority, due, unique_key, max_attempts) VALUES"
            " (gen_random_uuid(), 'paint', '{}', 0, true, 'wall', 1)"
        )
        with pytest.raises(OperationalError, match="lock timeout"):
            wall_in_a_hurry()

    assert wall() == Job.objects.get()


@TRANSACTIONAL
def test_claimers_of_one_key_never_hold_two(claim):
    def churn(number):
        worker = Worker.objects.get()
        for _ in range(10):
            wall()
            for job in Job.objects.ready().claim(worker, limit=5):
                assert Job.objects.processing().filter(unique_key="wall").count() == 1
                while not job.finish({}):  # a claimer that came too late has it locked
                    pass

    at_once(4, churn)

    assert not Job.objects.processing().exists()


@transaction.atomic
def wall_in_a_hurry():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
    return wall()
