"""What has no time to be written at once is written in parts, on a server that takes its time."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from jobs.models import Job, Worker
from jobs.models.manager import NewJob
from jobs.outcome import Failure
from jobs.worker import line
from jobs.worker.ledger import Ledger
from jobs.worker.turn import Turned, due_of

pytestmark = pytest.mark.django_db(transaction=True)
COUNT, TURNS = 120, 60
NOTHING = Turned(set(), [], False, [])
# 120 rows take over a second, and a statement may take a quarter of it.
EACH_ROW_TAKES = """
CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END';
CREATE TRIGGER take_time BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION take_time()
"""
AT_ONCE = "DROP TRIGGER take_time ON jobs; DROP FUNCTION take_time"


@pytest.fixture
def ledger(probes: None, settings: Any) -> Iterator[Ledger]:
    """A worker's, which holds 120 jobs when the server becomes slow."""
    ledger = new_ledger()
    Job.objects.enqueue_many([NewJob(type="probe_noop")] * COUNT)
    assert len(ledger.turn(COUNT, free=1)) == COUNT
    settings.JOBS = {**settings.JOBS, "statement": 0.25}
    connection.close()  # a session has the limits of when it was opened
    with connection.cursor() as cursor:
        cursor.execute(EACH_ROW_TAKES)
    yield ledger
    with connection.cursor() as cursor:
        cursor.execute(AT_ONCE)
    connection.close()
    line.limited.clear()


def new_ledger() -> Ledger:
    ledger = Ledger(slots=1, types=["probe_noop"], choice=due_of(["probe_noop"]))
    ledger.enlist()
    return ledger


def with_status(status: str) -> int:
    return Job.objects.filter(status=status).count()


def take_turns(ledger: Ledger, *, room: int = 0) -> None:
    for _ in range(TURNS):
        if room or ledger.has_news:
            ledger.turn(room, free=0)


def test_results(ledger: Ledger) -> None:
    for held in ledger.held.values():
        ledger.finish(held, "{}")

    take_turns(ledger)

    assert with_status("finished") == COUNT
    assert not ledger.held


def test_failures(ledger: Ledger) -> None:
    for held in ledger.held.values():
        ledger.fail(held, Failure("exception", "ValueError: no"))

    take_turns(ledger)

    assert with_status("error") == COUNT
    assert not ledger.held


def test_claims(ledger: Ledger) -> None:
    Job.objects.enqueue_many([NewJob(type="probe_noop")] * COUNT)

    take_turns(ledger, room=500)

    assert len(ledger.held) == 2 * COUNT


def test_what_a_dead_worker_held(ledger: Ledger) -> None:
    Worker.objects.update(alive_until=Now())
    other = new_ledger()

    while with_status("processing"):
        other.others.look_after()

    assert with_status("pending") == COUNT


def test_what_waited_for_a_job_that_failed(ledger: Ledger) -> None:
    held = next(iter(ledger.held.values()))
    Job.objects.enqueue_many([NewJob(type="probe_noop", after=held.job())] * COUNT)
    ledger.fail(held, Failure("exception", "ValueError: no"))

    take_turns(ledger)

    assert with_status("error") == 1 + COUNT


def test_one_result_that_cannot_be_stored_fails_alone(ledger: Ledger) -> None:
    for number, held in enumerate(ledger.held.values()):
        ledger.finish(held, '{"text": "\\u0000"}' if number == 70 else "{}")

    take_turns(ledger)

    assert (with_status("finished"), with_status("error")) == (COUNT - 1, 1)


def test_large_results_are_written_a_few_at_a_time(ledger: Ledger, monkeypatch: Any) -> None:
    written = []
    monkeypatch.setattr("jobs.worker.ledger.turn", lambda *a, **k: written.append(a[2]) or NOTHING)
    for held in ledger.held.values():
        ledger.finish(held, '{"text": "' + "x" * 400_000 + '"}')

    ledger.turn(0, free=0)

    assert [len(results) for results in written] == [2]
