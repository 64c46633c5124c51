"""What a worker holds, where the table says something else by now."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.worker.ledger import Ledger
from jobs.worker.turn import due_of
from tests.chaos.waiting import wait_until
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db(transaction=True)
ADD_TWINS = """
INSERT INTO jobs (id, type, data, priority, due, unique_key, max_attempts)
SELECT gen_random_uuid(), type, '{}', 0, true, unique_key, 1 FROM jobs WHERE NOT unique_key = ''
"""


@pytest.fixture
def ledger():
    ledger = Ledger(slots=50, types=["paint"], choice=due_of(["paint"]))
    ledger.enlist()
    return ledger


def claimed_by(ledger, room=50):
    return ledger.turn(room, room)


@pytest.mark.parametrize("outcome", ["finish", "release"])
def test_an_outcome_of_an_earlier_claim_leaves_a_later_one_held(ledger, pending, outcome):
    [earlier] = claimed_by(ledger)
    Job.objects.get(pk=pending.pk).rescue("it was silent")
    [later] = claimed_by(ledger)

    if outcome == "finish":
        ledger.finish(earlier, "{}")
    else:
        ledger.release(earlier)
    claimed_by(ledger, room=0)

    assert ledger.held == {later.id: later}
    assert ledger.stale == 1
    assert row(pending)["lease"] == later.lease == 2


def test_what_waits_for_twins_that_are_not_committed_holds_up_nothing_else(ledger, session):
    keyed = [Job.objects.enqueue("paint", {}, unique_key=f"wall {n}") for n in range(20)]
    plain = [Job.objects.enqueue("paint", {}) for _ in range(20)]
    held = claimed_by(ledger)
    assert len(held) == 40
    session.execute(ADD_TWINS)
    for one in held:
        ledger.release(one)

    began = time.monotonic()
    claimed_by(ledger, room=0)

    assert time.monotonic() - began < 2, "not 0.15 s for each of them"
    assert {row(job)["status"] for job in plain} == {"pending"}
    assert {row(job)["status"] for job in keyed} == {"processing"}
    session.commit()
    wait_until(lambda: claimed_by(ledger, room=0) == [] and not ledger.held)
    assert {row(job)["error"]["kind"] for job in keyed} == {"superseded"}


def test_what_jobs_carry_is_not_read_to_put_them_back(ledger, pending):
    claimed_by(ledger)

    with CaptureQueriesContext(connection) as asked:
        ledger.leave()

    assert not Job.objects.exclude(status="pending").exists()
    assert not [query for query in asked.captured_queries if '"jobs"."data"' in query["sql"]]
