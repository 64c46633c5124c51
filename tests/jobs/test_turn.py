"""The statement that a busy worker lives by, which finishes and claims at once."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from jobs import sql
from jobs.models import Job, Worker
from jobs.models.manager import NewJob
from jobs.worker.held import Held
from jobs.worker.turn import Turned, array, due_of, only, quoted, turn
from tests.jobs.sessions import row
from tests.jobs.test_plans import Plans, history, plans

pytestmark = pytest.mark.django_db
__all__ = ["history", "plans"]  # fixtures


def taken(worker: Worker, room: int = 10, suspects: int = 10, **results: Any) -> Turned:
    return turn(
        due_of(["paint"]), worker.pk, results.get("results", {}), room=room, suspects=suspects
    )


@pytest.fixture
def held(pending: Job, worker: Worker) -> Held:
    return taken(worker).claimed[0]


def test_it_gives_what_a_child_needs_to_run_a_job(worker):
    job = Job.objects.enqueue("paint", {"colour": "red é"}, entity_id=UUID(int=0))

    (held,) = taken(worker).claimed

    assert (held.id, held.lease, held.worker, held.type) == (str(job.pk), 1, worker.pk, "paint")
    assert (held.attempts, held.crashes) == (1, 0)
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


def test_of_what_has_crashed_before_it_takes_no_more_than_can_run_alone(worker):
    jobs = Job.objects.enqueue_many([NewJob(type="paint", data={}) for _ in range(6)])
    Job.objects.filter(pk__in=[job.pk for job in jobs[:4]]).update(crashes=1)

    claimed = taken(worker, suspects=1).claimed

    assert [(held.id, held.crashes) for held in claimed] == [
        (str(jobs[place].pk), crashes) for place, crashes in ((0, 1), (4, 0), (5, 0))
    ]


def test_one_job_may_be_asked_for_whatever_its_hour(worker):
    job = Job.objects.enqueue("paint", {}, run_at=timezone.now() + timedelta(days=1))

    turned = turn(only(job.pk), worker.pk, {}, room=1, suspects=1)

    assert [held.id for held in turned.claimed] == [str(job.pk)]


def test_a_job_that_waits_for_another_is_not_given_even_if_asked_for(pending, worker):
    job = Job.objects.enqueue("paint", {}, after=pending)

    assert turn(only(job.pk), worker.pk, {}, room=1, suspects=1).claimed == []


@pytest.mark.parametrize("text", ["", "a", 'a"b', "a\\b", "{a,b}", "NULL", "é\n", '\\"'])
def test_an_array_is_written_as_postgresql_reads_it(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array([quoted(text), quoted(None)])])

        assert cursor.fetchone() == ([text, None],)


def asked(worker: Worker, held: list[Held], room: int) -> dict[str, Any]:
    """The parameters of a turn that finishes these and claims so many."""
    return {
        "ids": array(one.id for one in held),
        "leases": array(str(one.lease) for one in held),
        "results": array(quoted("{}") for _ in held),
        "worker": worker.pk,
        "choice": "{paint}",
        "room": room,
        "suspects": 1,
    }


WAYS = {"jobs_for_claim", "jobs_pkey", "jobs_waiting", "jobs_blocked", "jobs_one_running_per_key"}


def test_its_plan_for_any_parameters_reads_what_it_takes_by_key(plans: Plans, worker):
    held = taken(worker, room=8).claimed

    plans.explain_for_any(
        sql.TURN.format(claimable=sql.DUE_OF_TYPES), **asked(worker, held, room=8)
    )

    assert plans.ways <= WAYS
    # Eight are found and written, and eight are claimed and written.
    assert plans.rows_read <= 5 * 8


def test_a_plan_made_while_the_table_is_small_is_as_good_when_it_is_large(worker):
    Job.objects.enqueue("paint", {})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE jobs")
    plans = Plans()

    plans.explain_for_any(sql.TURN.format(claimable=sql.DUE_OF_TYPES), **asked(worker, [], room=8))

    assert plans.ways <= WAYS
