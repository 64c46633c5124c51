"""What a worker with nothing to do sends, counted by the server, which tells it to its client."""

import math
import selectors
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from weakref import WeakSet

import pytest
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.utils import timezone

from jobs.models import Job, Worker
from jobs.worker.console import Console
from jobs.worker.hands import Hands
from jobs.worker.supervisor import Supervisor
from jobs.worker.turn import due_of
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db
NOOP = due_of(["probe_noop"])
TELL_ALL = "SET LOCAL log_statement = 'all'; SET LOCAL client_min_messages = 'log'"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def worker(probes: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """One that has begun, has room for a job and nothing to do."""
    settings.JOBS = {**settings.JOBS, "notify": False}
    # What it sets on its line is undone with the transaction of this test.
    monkeypatch.setattr("jobs.worker.line.limited", WeakSet())
    worker = Supervisor(NOOP, types=NOOP.types)
    worker.hands = Hands(worker.ledger, Console(), selectors.PollSelector(), lambda: None)
    monkeypatch.setattr(worker, "_room", lambda: 1)
    for _ in range(2):
        talk(worker, "beat_at", "poll_at")
    yield worker
    worker.hands.dismiss()


def talk(worker: Supervisor, *due: str) -> None:
    """What it does when these moments have come."""
    worker.beat_at = worker.look_at = worker.poll_at = math.inf
    for moment in due:
        setattr(worker, moment, 0.0)
    worker._talk()


@contextmanager
def sent() -> Iterator[list[str]]:
    """What is sent in this block, be it a BEGIN or a SET."""
    line, said = connection.connection, []

    def hear(notice: Any) -> None:
        said.append(notice.message_primary)

    with connection.cursor() as cursor:
        cursor.execute(TELL_ALL)
    line.add_notice_handler(hear)
    yield said
    line.remove_notice_handler(hear)


@pytest.mark.parametrize(
    ("due", "count"),
    [
        (["beat_at"], 1),
        (["look_at"], 1),
        (["poll_at"], 1),
        (["beat_at", "look_at", "poll_at"], 3),
        ([], 0),
    ],
)
def test_it_sends_one_statement_a_heartbeat_one_a_look_and_one_a_poll(worker, due, count):
    with sent() as said:
        talk(worker, *due)

    assert len(said) == count


def test_jobs_that_wait_for_others_cost_nothing_more(worker, tomorrow):
    Job.objects.enqueue("probe_noop", {}, after=tomorrow)

    with sent() as said:
        talk(worker, "beat_at", "look_at", "poll_at")

    assert len(said) == 3


@pytest.fixture
def tomorrow() -> Job:
    return Job.objects.enqueue("probe_noop", {}, run_at=timezone.now() + timedelta(days=1))


def test_behind_a_pooler_each_is_in_a_transaction_with_its_limits(worker, monkeypatch):
    monkeypatch.setattr("jobs.worker.line.has_own_session", lambda: False)

    with sent() as said:
        talk(worker, "beat_at")

    # Within the transaction of a test, a SAVEPOINT is what is a BEGIN elsewhere.
    assert [statement.split()[1 if "statement:" in statement else 2] for statement in said] == [
        "SAVEPOINT", "SELECT", "UPDATE", "RELEASE",
    ]  # fmt: skip


# -- what it does when a heartbeat finds something -------------------------------------------------


@pytest.fixture
def dead() -> Worker:
    return Worker.enlist(slots=1, types=NOOP.types)


@pytest.fixture
def left(dead: Worker) -> Job:
    """A job that a worker held when it died."""
    Job.objects.enqueue("probe_noop", {})
    (job,) = Job.objects.ready().claim(dead, limit=1)
    Worker.objects.filter(pk=dead.pk).update(alive_until=Now() - MINUTE)
    return job


def test_it_buries_a_dead_worker_and_rescues_its_job(worker, left, dead):
    talk(worker, "beat_at")

    assert not Worker.objects.filter(pk=dead.pk).exists()
    assert (row(left)["status"], row(left)["crashes"]) == ("pending", 0)


def test_what_the_dead_worker_ran_has_crashed(worker, left, dead):
    Worker.objects.filter(pk=dead.pk).update(running=[left.pk])

    talk(worker, "beat_at")

    assert (row(left)["status"], row(left)["crashes"]) == ("pending", 1)


def test_it_comes_back_at_the_moment_when_a_silent_worker_is_believed_dead(worker, left, dead):
    """And not with the next heartbeat, which may be seconds later."""
    Worker.objects.filter(pk=dead.pk).update(alive_until=Now() + timedelta(seconds=2))

    began = time.monotonic()
    talk(worker, "beat_at")

    assert began + 1 < worker.beat_at <= time.monotonic() + 2.2


def test_it_rescues_a_job_whose_worker_is_buried_already(worker, left, dead):
    dead.delete()

    talk(worker, "look_at")

    assert row(left)["status"] == "pending"


def test_it_settles_what_was_left_unsettled(worker, tomorrow):
    child = Job.objects.enqueue("probe_noop", {}, after=tomorrow)
    Job.objects.filter(pk=tomorrow.pk).update(status="finished", finished_at=Now())

    talk(worker, "look_at")

    assert row(child)["due"]


def test_it_looks_after_others_as_it_begins(worker, left):
    worker.ledger.lose()

    talk(worker, "beat_at")

    assert row(left)["status"] == "pending"


def test_when_looking_after_others_fails_it_tries_again_at_the_next_heartbeat(
    worker, left, monkeypatch
):
    def refuse() -> bool:
        raise DatabaseError("not now")

    with monkeypatch.context() as patch:
        patch.setattr(worker.outage, "begin", lambda error: None)  # it would close the line
        patch.setattr(worker.ledger.others, "look_after", refuse)
        talk(worker, "beat_at")

    talk(worker, "poll_at")
    assert row(left)["status"] == "processing"
    talk(worker, "beat_at")
    assert row(left)["status"] == "pending"


def test_it_puts_back_what_it_holds_and_does_not_know_of(worker):
    job = Job.objects.enqueue("probe_noop", {})
    Job.objects.ready().claim(worker.ledger.worker, limit=1)
    worker._room = lambda: 0

    talk(worker, "look_at")
    talk(worker)

    assert (row(job)["status"], row(job)["attempts"]) == ("pending", 0)


def test_it_learns_which_of_its_jobs_are_to_be_cancelled(worker, monkeypatch):
    job = Job.objects.enqueue("probe_noop", {})
    talk(worker, "poll_at")
    talk(worker)
    job.cancel()
    asked = []
    monkeypatch.setattr(worker.hands, "cancel", asked.append)

    talk(worker, "beat_at")

    assert asked == [{str(job.pk)}]


def test_a_lease_that_has_lapsed_makes_it_a_new_worker(worker):
    former = worker.ledger.worker
    Worker.objects.filter(pk=former.pk).update(alive_until=Now() - MINUTE)

    talk(worker, "beat_at")
    talk(worker, "beat_at")

    assert worker.ledger.worker.pk > former.pk
    assert not Worker.objects.filter(pk=former.pk).exists()
