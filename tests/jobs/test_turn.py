"""The statement that a busy worker lives by, which finishes and claims at once."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pydantic import BaseModel

from jobs.models import Job, Worker
from jobs.models.manager import NewJob
from jobs.worker.held import Held
from jobs.worker.turn import MOST_TYPES, Turned, array, due_of, only, quoted, turn
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db


class Text(BaseModel):
    text: str


def taken(worker: Worker, room: int = 10, free: int = 10, **results: Any) -> Turned:
    return turn(due_of(["paint"]), worker.pk, results.get("results", {}), room=room, free=free)


@pytest.fixture
def held(pending: Job, worker: Worker) -> Held:
    return taken(worker).claimed[0]


def test_it_gives_what_a_child_needs_to_run_a_job(worker):
    job = Job.objects.enqueue("paint", {"colour": "red é"}, entity_id=UUID(int=0))

    (held,) = taken(worker).claimed

    assert (held.id, held.lease, held.worker, held.type) == (str(job.pk), 1, worker.pk, "paint")
    assert (held.attempts, held.is_suspect) == (1, False)
    assert json.loads(held.data) == {"colour": "red é", "coats": 1}
    assert (held.user_id, held.entity_id) == (None, str(job.entity_id))
    assert row(job)["status"] == "processing"


def test_the_most_urgent_come_first(worker):
    jobs = [Job.objects.enqueue("paint", {}, priority=priority) for priority in (0, 9, 0, -9)]

    assert [held.id for held in taken(worker).claimed] == [
        str(jobs[place].pk) for place in (1, 0, 2, 3)
    ]


def test_it_finishes_and_claims_at_once(held, worker):
    waiting = Job.objects.enqueue("paint", {})

    turned = taken(worker, results={held: '{"painted": 1}'})

    assert turned.finished == {held.id}
    assert [claim.id for claim in turned.claimed] == [str(waiting.pk)]
    assert row(held.job())["result"] == {"painted": 1}


@pytest.mark.parametrize(
    "result",
    ['{"a": "\\"b\\" \\\\ {c}, d\'"}', '{"NULL": null}', '{"é": "😀", "nl": "\\n\\t"}', "{}"],
)
def test_a_result_is_stored_as_it_was_returned(held, worker, result):
    taken(worker, results={held: result})

    assert row(held.job())["result"] == json.loads(result)


def test_no_result_is_none(held, worker):
    taken(worker, results={held: None})

    assert row(held.job())["result"] is None


@pytest.mark.parametrize(("lease", "whose"), [(0, "its"), (2, "its"), (1, "another's")])
def test_what_is_held_by_another_claim_is_not_finished(held, worker, other_worker, lease, whose):
    stale = Held(held.id, lease, 0)
    mine = worker if whose == "its" else other_worker

    turned = taken(mine, room=0, results={stale: "{}"})

    assert turned.finished == set()
    assert row(held.job())["status"] == "processing"


def test_no_job_is_claimed_whose_twin_runs_though_it_ends_in_the_same_statement(worker):
    Job.objects.enqueue("paint", {}, unique_key="wall")
    (held,) = taken(worker).claimed
    twin = Job.objects.enqueue("paint", {}, unique_key="wall")

    turned = taken(worker, results={held: "{}"})

    assert (turned.claimed, turned.frees) == ([], True)
    assert [claim.id for claim in taken(worker).claimed] == [str(twin.pk)]


def test_it_tells_which_jobs_others_wait_for(held, worker):
    Job.objects.enqueue("paint", {}, after=held.job())

    turned = taken(worker, results={held: "{}"})

    assert (turned.awaited, turned.frees) == ([held.id], True)


def test_what_nobody_waits_for_frees_nothing(held, worker):
    turned = taken(worker, results={held: "{}"})

    assert (turned.awaited, turned.frees) == ([], False)


def test_of_the_suspects_it_takes_no_more_than_can_run_alone(worker):
    jobs = Job.objects.enqueue_many([NewJob(type="paint", data={}) for _ in range(6)])
    Job.objects.filter(pk__in=[job.pk for job in jobs[:4]]).update(suspect=True)

    claimed = taken(worker, free=1).claimed

    assert [(held.id, held.is_suspect) for held in claimed] == [
        (str(jobs[place].pk), suspect) for place, suspect in ((0, True), (4, False), (5, False))
    ]


def test_one_job_may_be_asked_for_whatever_its_hour(worker):
    job = Job.objects.enqueue("paint", {}, run_at=timezone.now() + timedelta(days=1))

    turned = turn(only(job.pk), worker.pk, {}, room=1, free=1)

    assert [held.id for held in turned.claimed] == [str(job.pk)]


def test_a_job_that_waits_for_another_is_not_given_even_if_asked_for(pending, worker):
    job = Job.objects.enqueue("paint", {}, after=pending)

    assert turn(only(job.pk), worker.pk, {}, room=1, free=1).claimed == []


@pytest.mark.parametrize("text", ["", "a", 'a"b', "a\\b", "{a,b}", "NULL", "é\n", '\\"'])
def test_an_array_is_written_as_postgresql_reads_it(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array([quoted(text), quoted(None)])])

        assert cursor.fetchone() == ([text, None],)


@pytest.mark.django_db(transaction=True)
def test_no_more_jobs_are_locked_than_taken(worker, session):
    jobs = Job.objects.enqueue_many([NewJob(type="paint", data={}) for _ in range(9)])

    with transaction.atomic():
        claimed = taken(worker, room=4).claimed
        for job in jobs[4:]:
            session.execute("SELECT FROM jobs WHERE id = %s FOR UPDATE NOWAIT", job.pk)

    assert [held.id for held in claimed] == [str(job.pk) for job in jobs[:4]]


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_finds_what_comes_after_the_locked(worker, session):
    jobs = Job.objects.enqueue_many([NewJob(type="paint", data={}) for _ in range(9)])
    for job in jobs[:4]:
        session.lock(job)

    claimed = taken(worker, room=4).claimed

    assert [held.id for held in claimed] == [str(job.pk) for job in jobs[4:8]]


@pytest.mark.parametrize("count", [1, 2, MOST_TYPES, MOST_TYPES + 1, 3 * MOST_TYPES])
def test_however_many_types_the_order_is_one(register, worker, count):
    types = [f"type {number:03}" for number in range(count)]
    for type in types:
        register(type)
    jobs = [
        Job.objects.enqueue(type, {}, priority=-number // 2) for number, type in enumerate(types)
    ]
    Job.objects.enqueue("paint", {}, priority=100)

    claimed = turn(due_of(types), worker.pk, {}, room=5, free=5).claimed

    assert [held.id for held in claimed] == [str(job.pk) for job in jobs[:5]]


def test_large_data_are_left_to_the_child(register, worker):
    register("read", payload=Text)
    large = Job.objects.enqueue("read", {"text": "".join(map(str, range(2_000)))})
    Job.objects.enqueue("read", {"text": "short"})

    first, second = turn(due_of(["read"]), worker.pk, {}, room=2, free=2).claimed

    assert (first.id, first.data, second.data) == (str(large.pk), None, '{"text": "short"}')


@pytest.mark.parametrize(("free", "named"), [(2, [0, 1]), (9, [0, 1, 2]), (0, [])])
def test_the_worker_says_which_jobs_begin_at_once(worker, free, named):
    jobs = Job.objects.enqueue_many([NewJob(type="paint", data={}) for _ in range(3)])

    taken(worker, free=free)

    worker.refresh_from_db()
    assert worker.running == [jobs[place].pk for place in named]


def test_it_keeps_saying_what_runs_already(worker, pending):
    earlier = uuid4()

    turn(due_of(["paint"]), worker.pk, {}, room=1, free=1, running=[str(earlier)])

    worker.refresh_from_db()
    assert worker.running == [earlier, pending.pk]
