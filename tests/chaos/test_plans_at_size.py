"""The plans of the hot statements beside a million finished jobs: none reads more than it needs."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from jobs.admin.change_list import MOST_LISTED
from jobs.api.pagination import MOST_COUNTED
from jobs.models import Job, Worker
from jobs.models.queryset import SWEPT
from jobs.outcome import Failure
from jobs.summary import ERRORS_READ, LINE_READ, Summary
from jobs.worker.ledger import Ledger
from jobs.worker.turn import due_of
from tests.chaos.report import Line
from tests.factories import UserFactory
from tests.jobs.test_plans import (
    ENDED,
    LISTS,
    LOOKED_AT,
    POLLED,
    Plans,
    fill,
    look_for_any,
    poll_for_any,
)
from tests.jobs.test_turn_plans import WAYS as TURNED
from tests.jobs.test_turn_plans import explain_turn

pytestmark = pytest.mark.django_db
FINISHED, LATER, BLOCKED, DUE = 1_000_000, 100_000, 10_000, 1_000
FOREIGN = 100_000
TOMORROW = 86_400
WAYS = LISTS | {"jobs_held", "jobs_by_user", "jobs_pkey"}
# Each waits for another of those that wait for tomorrow.
FILL_BLOCKED = """
INSERT INTO jobs (id, type, data, priority, due, unique_key, max_attempts, blocked_by)
SELECT gen_random_uuid(), 'paint', '{}', 100, false, '', 1, id
FROM (SELECT id FROM jobs WHERE status = 'pending' AND NOT due LIMIT %s) AS parent
"""


@pytest.fixture(autouse=True)
def nothing_is_wrong() -> None:
    """No worker runs here; and no test truncates what all of them read."""


@pytest.fixture(scope="module")
def history(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        try:
            fill(FINISHED, status="finished")
            fill(LATER, priority=100, seconds=TOMORROW, due=False)
            cursor.execute(FILL_BLOCKED, [BLOCKED])
            fill(DUE)
            cursor.execute("VACUUM ANALYZE jobs")
            yield
        finally:
            # With what points to them: eligibility tests, of which there are none.
            cursor.execute("TRUNCATE jobs, job_workers CASCADE")


@pytest.fixture
def plans(history: None, db: None, line: Line) -> Iterator[Plans]:
    yield (plans := Plans())
    line.note(f"{plans.rows_read:,.0f} rows by {', '.join(sorted(plans.ways))}")


@pytest.fixture
def ledger(plans: Plans) -> Ledger:
    """What a worker says to the database, with 50 jobs in its hands."""
    ledger = Ledger(slots=50, types=["paint"], choice=due_of(["paint"]))
    ledger.enlist()
    assert len(ledger.turn(50, free=50)) == 50
    return ledger


@pytest.fixture
def held(ledger: Ledger) -> list[Job]:
    return [one.job() for one in ledger.held.values()]


def test_26_a_claim_reads_what_it_takes_though_others_wait_for_their_hour(plans: Plans) -> None:
    worker = Worker.enlist(slots=8, types=["paint"])

    explain_turn(plans, worker, [], room=8)

    assert plans.ways <= TURNED
    # Each is found, locked and written.
    assert plans.rows_read <= 3 * 8 + 1


def test_40_a_claim_reads_what_it_takes_though_others_wait_for_another_worker(plans: Plans) -> None:
    fill(FOREIGN, type="foreign", priority=100)
    worker = Worker.enlist(slots=8, types=["paint"])

    explain_turn(plans, worker, [], room=8, types=["paint", "probe_noop"])

    assert plans.ways <= TURNED
    assert plans.rows_read <= 3 * 8 + 2


def test_26_the_jobs_whose_hour_has_come_are_found_by_their_hour(plans: Plans) -> None:
    fill(20, due=False)

    poll_for_any(plans)

    assert plans.ways <= POLLED
    # Each is found, written, and passed over on the way to the next hour; and one could be claimed.
    assert plans.rows_read <= 3 * 20 + 1 + 1


def test_30_jobs_are_finished_by_their_key(plans: Plans, held: list[Job]) -> None:
    with connection.execute_wrapper(plans):
        assert len(Job.objects.finish({job: {} for job in held})) == 50

    assert plans.ways <= {"jobs_pkey", "jobs_waiting", "jobs_blocked"}
    assert plans.rows_read <= 2 * 50


def test_30_a_dead_workers_jobs_are_found_among_those_held(plans: Plans, held: list[Job]) -> None:
    Worker.objects.all().delete()

    with connection.execute_wrapper(plans):
        assert len(Job.objects.rescue()) == 50

    assert plans.ways <= ENDED | {"job_workers_pkey"}
    # Each is found, locked and written.
    assert plans.rows_read <= 5 * 50


def test_30_a_look_reads_what_is_held_and_a_part_of_what_waits(
    plans: Plans, ledger: Ledger
) -> None:
    assert ledger.worker

    look_for_any(plans, ledger.worker.pk, list(ledger.held))

    assert plans.ways <= LOOKED_AT
    # Whose worker lives, and whether it is known; then those that wait, and those they wait for.
    assert plans.rows_read <= 2 * 50 + 2 * SWEPT


def test_30_what_waited_for_a_job_is_found_by_it(plans: Plans, held: list[Job]) -> None:
    children = [Job.objects.enqueue("probe_noop", {}, after=held[0]) for _ in range(3)]

    with connection.execute_wrapper(plans):
        assert Job.objects.finish({held[0]: {}})

    assert Job.objects.filter(pk__in=[job.pk for job in children], due=True).count() == 3
    assert plans.ways <= {"jobs_pkey", "jobs_waiting", "jobs_blocked"}
    assert plans.rows_read <= 2 * 1 + 5 * 3


def test_30_what_waited_in_vain_for_a_job_is_found_by_it(plans: Plans, held: list[Job]) -> None:
    for _ in range(3):
        Job.objects.enqueue("probe_noop", {}, after=held[0])
    held[0].fail(Failure("exception", "ValueError: no paint"))

    with connection.execute_wrapper(plans):
        held[0].retry()

    assert Job.objects.waiting().filter(blocked_by=held[0].pk).count() == 3
    assert plans.ways <= {"jobs_pkey", "jobs_blocked"}
    # The four are read and written; each of the three looks for its parent and its children.
    assert plans.rows_read <= 6 * 4


def test_30_a_sweep_reads_a_part_of_what_waits(plans: Plans, ledger: Ledger) -> None:
    with connection.execute_wrapper(plans):
        ledger.others.look_after()

    assert ledger.others.swept, "there is more to sweep than it looked at"
    assert plans.ways <= {"jobs_pkey", "jobs_waiting", "jobs_held", "job_workers_pkey"}
    # Those that wait and those they wait for; and whose worker lives, of the jobs that are held.
    assert plans.rows_read <= 2 * SWEPT + 50


STATUSES = [None, "pending", "processing", "finished", "error", "pending,processing"]
OTHERS = [{}, {"types": "probe_noop"}, {"userId": str(UUID(int=0))}, {"orderDirection": "asc"}]


@pytest.mark.parametrize("others", OTHERS, ids=str)
@pytest.mark.parametrize("statuses", STATUSES)
def test_30_a_page_of_the_list_is_read_off_its_indexes(
    statuses: str | None, others: dict[str, str], plans: Plans, held: list[Job], staff: APIClient
) -> None:
    for job in held[:30]:
        job.fail(Failure("exception", "ValueError: no paint"))
    asked = others | ({"statuses": statuses} if statuses else {})

    with connection.execute_wrapper(plans):
        page = staff.get("/api/jobs/", asked).json()

    jobs, total = len(page["jobs"]), min(page["pagination"]["total"], MOST_COUNTED + 1)
    assert plans.ways <= WAYS
    # What is shown, once in its order and once by its key; the first of each index, for the types
    # and for the merging; the total, where more follow; and twice what is held, to be sorted.
    more = total if page["pagination"]["hasNext"] else 0
    assert plans.rows_read <= 2 * (jobs + 1) + 6 * 4 + 6 * 2 + more + 2 * 50


@pytest.mark.parametrize("query", [{}, {"status": "pending"}, {"type": "probe_noop"}, {"o": "6"}])
def test_30_the_list_of_the_admin_is_read_off_its_indexes(
    query: dict[str, str], plans: Plans, client: Client
) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    with connection.execute_wrapper(plans), CaptureQueriesContext(connection) as asked:
        response = client.get("/admin/jobs/job/", query)

    assert response.status_code == 200
    assert len(asked) <= 8
    ways = {step.get("Index Name") for step in plans.steps}
    assert ways <= WAYS | {"jobs_for_claim", "jobs_for_later"}
    assert plans.rows_read <= 2 * LINE_READ + MOST_LISTED + 500


def test_30_the_summary_of_the_admin_reads_the_heads_of_indexes(plans: Plans) -> None:
    with connection.execute_wrapper(plans):
        summary = Summary.read()

    assert summary.due == DUE
    assert plans.ways <= LISTS | {"jobs_for_claim", "jobs_for_later"}
    assert plans.rows_read <= 2 * LINE_READ + ERRORS_READ
