"""The plan of a worker's turn, whatever the table holds and the statistics say of it."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection

from jobs import sql
from jobs.models import Job, Worker
from jobs.worker.held import Held
from jobs.worker.turn import array, due_of, quoted, turn
from tests.jobs.test_plans import Plans, fill, history, plans

pytestmark = pytest.mark.django_db
__all__ = ["history", "plans"]  # fixtures


def asked(worker: Worker, held: list[Held], room: int, types: Sequence[str]) -> dict[str, Any]:
    """The parameters of a turn that finishes these and claims so many."""
    return {
        "ids": array(one.id for one in held),
        "leases": array(str(one.lease) for one in held),
        "results": array(quoted("{}") for _ in held),
        "worker": worker.pk,
        "types": array(types),
        "rooms": array("NULL" for _ in types),
        "room": room,
        "free": 1,
        "running": "{}",
    }


def explain_turn(
    plans: Plans, worker: Worker, held: list[Held], room: int = 8, types: Sequence[str] = ("paint",)
) -> None:
    statement = sql.turn(sql.of_types(len(types)))
    plans.explain_for_any(statement, **asked(worker, held, room, types))


WAYS = {
    "jobs_for_claim",
    "jobs_pkey",
    "jobs_waiting",
    "jobs_blocked",
    "jobs_one_running_per_key",
    "job_workers_pkey",
}


def test_its_plan_for_any_parameters_reads_what_it_takes_by_key(plans: Plans, worker):
    held = turn(due_of(["paint"]), worker.pk, {}, room=8, free=8).claimed

    explain_turn(plans, worker, held)

    assert plans.ways <= WAYS
    # Eight are found and written, and eight are claimed and written.
    assert plans.rows_read <= 5 * 8


def test_a_plan_made_while_the_table_is_small_is_as_good_when_it_is_large(worker):
    Job.objects.enqueue("paint", {})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE jobs")
    plans = Plans()

    explain_turn(plans, worker, [])

    assert plans.ways <= WAYS


SERVED = ["paint", "ring", "sing"]


@pytest.mark.parametrize("is_known", [True, False], ids=["analyzed", "not analyzed"])
def test_what_waits_beside_is_not_read(plans: Plans, worker, is_known):
    fill(20_000, type="foreign", priority=100)
    fill(20, type="ring")
    fill(20, type="sing", priority=1)
    if is_known:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE jobs")

    explain_turn(plans, worker, [], room=8, types=SERVED)

    assert plans.ways <= WAYS
    # Each of the eight is found, locked and written; of each other type the first is looked at.
    assert plans.rows_read <= 3 * 8 + len(SERVED)
