"""What a worker says when something keeps it from its database, and how often it says so."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ConnectionHandler

from jobs.models import Job
from jobs.worker.line import TOO_SLOW, NoAnswer, alarm, bounded_transaction
from jobs.worker.outage import Outage, Trouble
from tests.jobs.sessions import Session

pytestmark = pytest.mark.django_db
RAISE = "DO $$ BEGIN RAISE EXCEPTION 'so it is' USING ERRCODE = '{}'; END $$"


@contextmanager
def failing() -> Iterator[list[Trouble]]:
    """The trouble that this block runs into."""
    found: list[Trouble] = []
    try:
        with transaction.atomic():
            yield found
    except DatabaseError as error:
        found.append(Trouble.of(error))
    assert found


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# -- which of four things it is --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "kind", "advice"),
    [
        ("57P01", "away", "See that it runs, and that this machine reaches it"),
        ("57P03", "away", "See that it runs, and that this machine reaches it"),
        ("08006", "away", "See that it runs, and that this machine reaches it"),
        ("25P03", "away", "See the server's log"),
        ("42501", "refuses", "Grant its role what it lacks"),
        ("42703", "refuses", "The tables are not those of this release"),
        ("42P01", "refuses", "The tables are not those of this release"),
        ("42601", "refuses", "The tables are not those of this release"),
        ("25006", "refuses", "It is a standby, or was made read-only"),
        ("53100", "refuses", "Its disk is full: make room on the server"),
        ("53200", "refuses", "It has no memory left"),
        ("53300", "refuses", "It has no connection left"),
        ("53400", "refuses", "It has reached a limit"),
        ("XX001", "refuses", "It fails in itself, or its files are damaged"),
        ("57014", "too slow", "See what keeps the server busy"),
        ("55P03", "locked", "See who holds the lock"),
        ("40P01", "locked", "See who else locks these rows"),
    ],
)
def test_what_the_server_says_is_one_of_four_things_with_what_to_do(state, kind, advice):
    with failing() as found:
        execute(RAISE.format(state))

    assert (found[0].kind, found[0].state) == (kind, state)
    assert found[0].reason.startswith("so it is")
    assert found[0].advice.startswith(advice)


def test_a_server_that_is_not_there_is_away():
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(host="127.0.0.1", port=1, connect_timeout=2)

    assert Trouble.of(caught.value)[:2] == ("away", "08006")


@pytest.mark.parametrize(
    ("wrong", "state"), [({"dbname": "nowhere"}, "3D000"), ({"user": "nobody_at_all"}, "28000")]
)
def test_a_server_that_opens_no_connection_refuses(wrong, state):
    connection.ensure_connection()
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(**(connection.get_connection_params() | wrong))

    assert Trouble.of(caught.value)[:2] == ("refuses", state)


@pytest.mark.parametrize(
    ("words", "kind", "state"),
    [
        ("sorry, too many clients already", "refuses", "53300"),
        ('too many connections for role "jobs"', "refuses", "53300"),
        ("remaining connection slots are reserved for roles with…", "refuses", "53300"),
        ('password authentication failed for user "jobs"', "refuses", "28000"),
        ('permission denied for database "jobs"', "refuses", "42501"),
        ("désolé, trop de clients sont déjà connectés", "refuses", "28000"),
        ("the database system is starting up", "away", "08006"),
        ("the database system is shutting down", "away", "08006"),
    ],
)
def test_what_it_says_as_it_opens_no_connection_has_no_sqlstate_but_words(words, kind, state):
    error = psycopg.OperationalError(f"connection failed: FATAL:  {words}")

    assert Trouble.of(error)[:2] == (kind, state)


def test_a_lock_of_somebody_else_is_told_as_one():
    with Session() as somebody, failing() as found:
        somebody.execute("LOCK TABLE job_workers IN ACCESS EXCLUSIVE MODE")
        with bounded_transaction():
            execute("SELECT FROM job_workers")

    assert found[0].kind == "locked"


def test_what_was_asked_is_named_when_it_is_too_slow():
    with Session() as somebody, failing() as found:
        somebody.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")
        execute("SET LOCAL statement_timeout = '50ms'")
        Job(lease=1, worker_id=1).report({})

    assert found[0].kind == "too slow"
    assert re.fullmatch(r"\w+ in jobs/models/\w+\.py", found[0].asked)
    assert f", asked by {found[0].asked}). See what" in str(found[0])


def test_a_database_that_says_nothing_to_a_statement_is_away():
    with pytest.raises(NoAnswer) as caught, alarm(-0.4):
        time.sleep(60)

    assert Trouble.of(caught.value).kind == "away"


def test_statements_that_take_too_long_together_are_too_slow():
    with pytest.raises(NoAnswer) as caught, alarm(-0.4, TOO_SLOW):
        time.sleep(60)

    assert Trouble.of(caught.value).kind == "too slow"


def test_but_not_before_there_is_a_connection(monkeypatch):
    closed = SimpleNamespace(connection=None)
    monkeypatch.setattr("jobs.worker.line.connections", {"default": closed})
    with pytest.raises(NoAnswer) as caught, alarm(-0.4, TOO_SLOW):
        time.sleep(60)

    assert Trouble.of(caught.value).kind == "away"


# -- what is left alone ----------------------------------------------------------------------------


class Ended(DatabaseError):
    """By a server that is there."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("ended by the server")
        self.sqlstate = sqlstate


@pytest.mark.parametrize("error", [Ended("57014"), Ended("55P03"), Ended("40P01")])
def test_what_the_server_has_ended_keeps_a_worker_from_its_jobs_alone(now, error):
    outage = Outage()

    outage.begin(error)

    assert (outage.until, outage.jobs_until) == (0.0, now[0] + 1)


@pytest.mark.parametrize("error", [NoAnswer(3, TOO_SLOW), Ended("57P01"), Ended("42501")])
def test_what_left_a_connection_in_the_middle_of_something_keeps_it_from_all(now, error):
    outage = Outage()

    outage.begin(error)

    assert (outage.until, outage.jobs_until) == (now[0] + 1, now[0] + 1)


# -- how often it is told --------------------------------------------------------------------------


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the clock of a worker shows; all its connections stay as they are."""
    now = [5.0]
    monkeypatch.setattr("jobs.worker.outage.time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr("jobs.worker.outage.connections", ConnectionHandler({}))
    return now


def test_it_is_told_when_it_begins_when_it_changes_and_each_minute(now, caplog):
    outage = Outage()

    for now[0] in range(5, 130):
        outage.begin(DatabaseError("gone" if now[0] < 30 else f"refused on port {now[0]}"))

    assert [message.split("(")[1].split(")")[0] for message in caplog.messages] == [
        "gone", "refused on port 30", "refused on port 90",
    ]  # fmt: skip


def test_two_troubles_by_turns_are_each_told_once_a_minute(now, caplog):
    outage = Outage()

    for now[0] in range(5, 65):
        outage.begin(DatabaseError("one" if now[0] % 2 else "the other"))

    assert len(caplog.messages) == 2


def test_a_message_holds_the_reason_and_what_to_do(now, caplog):
    Outage().begin(DatabaseError("It is\n  gone."))

    assert caplog.messages == [
        "The database is away (It is gone). See that it runs, and that this machine reaches it."
        " Trying again each second."
    ]


def test_its_end_is_told_once_and_how_long_it_lasted(now, caplog):
    caplog.set_level(logging.INFO, "jobs")
    outage = Outage()
    outage.begin(DatabaseError("gone"))
    now[0] += 12

    outage.end()
    outage.end()

    assert caplog.messages[1:] == ["The database is back after 12 s."]
    assert outage.until == 0.0


def test_after_its_end_the_next_is_told_anew(now, caplog):
    outage = Outage()
    outage.begin(DatabaseError("gone"))
    outage.end()

    outage.begin(DatabaseError("gone"))

    assert sum("gone" in message for message in caplog.messages) == 2
