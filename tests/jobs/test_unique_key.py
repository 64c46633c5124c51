from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction
from django.utils import timezone

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
        "twin": str(second.pk),
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
