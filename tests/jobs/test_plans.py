"""The plans of the hot statements, on a table with history: none reads all of it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from jobs import sql
from jobs.models import Job, Worker, ending
from jobs.models.queryset import SWEPT
from jobs.models.schema import INDEXES
from jobs.outcome import Failure
from jobs.timeline import Timeline
from jobs.worker.line import limits
from jobs.worker.rounds import BEFORE_ALL

pytestmark = pytest.mark.django_db
LISTS = {index.name for index in INDEXES if "_of_" in index.name}
RARE, NOBODY, MOST = "sing", UUID(int=0), 1_000
FILL = """
INSERT INTO jobs (id, type, data, priority, run_at, due, unique_key, max_attempts, status,
                  finished_at, blocked_by, created_at)
SELECT gen_random_uuid(), %s, '{}', %s, statement_timestamp() + %s * interval '1 second',
       %s, '', 1, %s, CASE WHEN %s = 'finished' THEN statement_timestamp() END,
       CASE WHEN %s THEN (SELECT id FROM jobs WHERE status = 'finished' LIMIT 1) END,
       statement_timestamp() - number * interval '1 second'
FROM generate_series(1, %s) AS number
"""


def fill(count, *, type="paint", status="pending", priority=0, seconds=-1, due=True, blocked=False):
    with connection.cursor() as cursor:
        cursor.execute(FILL, [type, priority, seconds, due, status, status, blocked, count])


class Plans:
    """The plan of every statement that reads or writes the jobs, as it is really run."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.ways: set[str] = set()  # the indexes used, "Seq Scan" and "JIT"

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "UPDATE", "INSERT", "WITH")):
            self.explain(sql, params)
        return execute(sql, params, many, context)

    def explain(self, sql: str, params: Any) -> None:
        raw = connection.connection.cursor()
        raw.execute("SAVEPOINT explained")
        raw.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql, params)
        (plan,) = raw.fetchone()
        raw.execute("ROLLBACK TO explained")
        self.read(plan)

    def explain_for_any(self, statement: str, **parameters: Any) -> None:
        """The plan that a worker's line makes once, for whatever the parameters are."""
        names = list(parameters)
        numbered = re.sub(r"%\((\w+)\)s", lambda name: f"${names.index(name[1]) + 1}", statement)
        places = f"({', '.join('%s' for _ in names)})" if names else ""
        with connection.cursor() as cursor:
            cursor.execute(limits().replace("SET ", "SET LOCAL "))
            cursor.execute(f"PREPARE asked AS {numbered}")
            cursor.execute(
                f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked{places}", list(parameters.values())
            )
            (plan,) = cursor.fetchone()
            cursor.execute("DEALLOCATE asked")
        self.read(plan)

    def read(self, plan: Any) -> None:
        [whole] = json.loads(plan) if isinstance(plan, str) else plan
        self.ways |= {"JIT"} & whole.keys()
        self.walk(whole["Plan"])

    def walk(self, step: dict[str, Any]) -> None:
        if step.get("Relation Name") == "jobs" and step["Node Type"] != "ModifyTable":
            self.steps.append(step)
            self.ways |= {step["Node Type"]} & {"Seq Scan"}
        self.ways |= {step["Index Name"]} if "Index Name" in step else set()
        for part in step.get("Plans", []):
            self.walk(part)

    @property
    def rows_read(self) -> int:
        """Rows that were looked at, taken or not."""
        return sum(
            (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
            for step in self.steps
        )


@pytest.fixture(scope="module")
def history(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """100,000 finished jobs, 10,000 for tomorrow at the best priority, 1,000 that wait."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill(100_000, status="finished")
        fill(10_000, priority=100, seconds=86_400, due=False)
        fill(1_000, due=False, blocked=True)
        fill(100)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE jobs")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def plans(history: None, db: None) -> Plans:
    return Plans()


@pytest.fixture
def held(plans):
    worker = Worker.enlist(slots=8, types=["paint"])
    return Job.objects.ready().claim(worker, limit=8)


def test_jobs_are_finished_by_their_key(plans, held):
    with connection.execute_wrapper(plans):
        assert len(Job.objects.finish({job: {} for job in held})) == 8

    assert plans.ways <= {"jobs_pkey", "jobs_waiting", "jobs_blocked"}
    assert plans.rows_read == 2 * 8


# What claims that end without a result are found by, what waits for them, and their twins.
ENDED = {"jobs_held", "jobs_pkey", "jobs_waiting", "jobs_blocked", "jobs_one_pending_per_key"}


def test_a_job_fails_by_its_key(plans, held):
    with connection.execute_wrapper(plans):
        assert held[0].fail(Failure("exception", "ValueError: no paint"))

    assert plans.ways <= ENDED
    assert plans.rows_read <= 2 * 8


# Of a poll: what waits for its hour, what can be claimed, and whether a twin of it runs.
POLLED = {"jobs_for_later", "jobs_pkey", "jobs_for_claim", "jobs_one_running_per_key"}


def poll_for_any(plans, types=("paint",)):
    statement = sql.POLL.format(claimable=sql.CLAIMABLE)
    plans.explain_for_any(statement, types=list(types), batch=500)


def test_the_jobs_whose_hour_has_come_are_found_by_their_hour(plans):
    fill(20, due=False)

    poll_for_any(plans)

    assert plans.ways <= POLLED
    # Each is found, written, and passed over on the way to the next hour; and one could be claimed.
    assert plans.rows_read <= 3 * 20 + 1 + 1
    assert not Job.objects.filter(due=False, blocked_by=None, run_at__lte=Now()).exists()


def test_a_poll_with_nothing_to_do_reads_the_head_of_two_indexes(plans):
    Job.objects.ready().update(status="finished", finished_at=Now())

    poll_for_any(plans)

    assert plans.ways <= POLLED
    assert plans.rows_read == 1


def test_the_dead_workers_jobs_are_found_among_those_held(plans, held):
    Worker.objects.all().delete()

    with connection.execute_wrapper(plans):
        assert len(Job.objects.rescue()) == 8

    assert plans.ways <= ENDED | {"job_workers_pkey"}


# Of a look: what is held and by whom, what waits and what for.
LOOKED_AT = {"jobs_held", "jobs_waiting", "jobs_pkey", "job_workers_pkey"}


def look_for_any(plans, worker, known):
    plans.explain_for_any(sql.LOOK, worker=worker, known=known, past=BEFORE_ALL, part=SWEPT)


def test_a_look_reads_what_is_held_and_a_part_of_what_waits(plans, held):
    parent = Job.objects.pending().filter(blocked_by=None, due=False).first()
    Job.objects.waiting().update(blocked_by=parent.pk)

    look_for_any(plans, held[0].worker_id, [job.pk for job in held])

    assert plans.ways <= LOOKED_AT
    # One for each holder, and whether it is known; then those that wait, and those they wait for.
    assert plans.rows_read <= 2 * 8 + 2 * 1_000


def test_many_claims_end_by_their_keys(plans, held):
    endings = ending.parameters(job.as_failed(Failure("exception", "dry")) for job in held)

    plans.explain_for_any(ending.STATEMENT, **endings)

    assert plans.ways <= ENDED
    assert plans.rows_read <= 3 * 8


def test_what_waited_is_settled_by_what_it_waited_for(plans, held):
    parent = Job.objects.filter(status="finished").first()
    Job.objects.waiting().update(blocked_by=parent.pk)

    plans.explain_for_any(sql.SETTLE, ended=[parent.pk], batch=500)

    assert plans.ways <= {"jobs_waiting", "jobs_blocked", "jobs_pkey"}
    assert plans.rows_read <= 2 * 500 + 1


def test_a_heartbeat_reads_the_workers_by_their_key(plans, held):
    parameters = {"worker": held[0].worker_id, "alive_for": timedelta(seconds=12), "running": []}

    plans.explain_for_any(sql.BEAT, **parameters)

    assert plans.ways <= {"job_workers_pkey"}


def test_what_waited_for_a_job_is_found_by_it(plans, held):
    child = Job.objects.enqueue("paint", {}, after=held[0])

    with connection.execute_wrapper(plans):
        Job.objects.finish({held[0]: {}})

    child.refresh_from_db()
    assert child.due
    assert plans.ways <= {"jobs_pkey", "jobs_waiting", "jobs_blocked"}


def test_the_sweep_reads_what_waits_and_no_more(plans):
    with connection.execute_wrapper(plans):
        assert Job.objects.sweep() == (1_000, None)

    assert plans.ways <= {"jobs_pkey", "jobs_waiting"}


@pytest.fixture
def lists(plans: Plans) -> Plans:
    """Some jobs of a rare type, too, as old as the others; nobody has counted them yet."""
    fill(10, status="finished", type=RARE)
    fill(10, type=RARE)
    return plans


@pytest.mark.parametrize(("newest_first", "start"), [(True, 50), (False, 50), (True, 300)])
@pytest.mark.parametrize("owner", ["anybody", "system", "one user"])
@pytest.mark.parametrize("types", [[], ["paint"], [RARE], ["paint", RARE]])
@pytest.mark.parametrize(
    "statuses",
    [[], ["pending"], ["processing"], ["finished"], ["error"], ["pending", "finished"]],
)
def test_a_part_of_the_list_is_read_off_its_indexes(
    statuses: list[str], types: list[str], owner: Any, newest_first: bool, start: int, lists: Plans
) -> None:
    jobs = {"anybody": {}, "system": {"user": None}, "one user": {"user": NOBODY}}[owner]
    some = Timeline(
        Job.objects.filter(**jobs), Job.objects.all(), statuses, types, owner, newest_first
    )
    known = some._types

    with connection.execute_wrapper(lists):
        found = len(some[start : start + 50])
        counted = some.count(MOST)

    assert found == min(max(counted - start, 0), 50)
    assert lists.ways <= {"jobs_held", "jobs_by_user", "jobs_pkey"} | LISTS
    # The page is read by its keys at last, and all is counted. Near the beginning each index gives
    # as many of each type as the page might show; further on one that is not taken.
    merged = 6 * len(known) * 100 if start == 50 else 350 + 6 * len(known)
    assert lists.rows_read <= merged + found + counted


def test_the_types_are_found_by_a_look_into_each_index_for_each(lists: Plans) -> None:
    every = Timeline(Job.objects.all(), Job.objects.all())

    with connection.execute_wrapper(lists):
        assert list(every._types) == ["paint", RARE]

    assert lists.ways <= LISTS
    assert lists.rows_read <= 6 * (2 + 1)


def test_no_index_of_the_lists_serves_a_question_about_the_status(lists: Plans) -> None:
    with connection.execute_wrapper(lists):
        for status in Job.Status.values:
            Job.objects.filter(status=status, type=RARE).order_by("created_at", "id").first()

    assert lists.ways.isdisjoint(LISTS)
