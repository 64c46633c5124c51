"""What a database session keeps of one job for the next: nothing."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import Error, connection, connections, transaction
from django.db.backends.signals import connection_created

from jobs.worker import line
from jobs.worker.sessions import Sessions
from tests.jobs.sessions import Session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sessions(own_settings: None) -> Iterator[Sessions]:
    """A child's, of which none is open yet."""
    line.open_as("child")
    connection.close()
    sessions = Sessions()
    sessions.watch()
    yield sessions
    connection_created.disconnect(sessions.note)
    if connection.in_atomic_block:
        del connections["default"]


def ask(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def pid() -> int:
    return int(ask("SELECT pg_backend_pid()"))


LEFT = {
    "search_path": ("SET search_path = 'elsewhere'", "SHOW search_path"),
    "role": ("SET ROLE pg_monitor", "SELECT current_user"),
    "time zone": ("SET TIME ZONE 'Asia/Tokyo'", "SHOW TimeZone"),
    "limit": ("SET statement_timeout = 1234", "SHOW statement_timeout"),
    "setting of its own": (
        "SET jobs.tenant = 'a'",
        "SELECT coalesce(current_setting('jobs.tenant', true), '')",
    ),
    "death unnoticed": (
        "SET client_connection_check_interval = 0",
        "SHOW client_connection_check_interval",
    ),
    "advisory lock": (
        "SELECT pg_advisory_lock(7)",
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    ),
    "temporary table": ("CREATE TEMP TABLE mine ()", "SELECT to_regclass('pg_temp.mine')::text"),
    "prepared statement": (
        "PREPARE mine AS SELECT 1",
        "SELECT count(*) FROM pg_prepared_statements WHERE name = 'mine'",
    ),
    "cursor": (
        "DECLARE mine CURSOR WITH HOLD FOR SELECT 1",
        "SELECT count(*) FROM pg_cursors WHERE name = 'mine'",
    ),
    "listening": ("LISTEN mine", "SELECT count(*) FROM pg_listening_channels()"),
}


@pytest.mark.parametrize("what", LEFT)
def test_what_a_job_sets_in_its_session_is_undone_for_the_next(sessions: Sessions, what: str):
    leave, look = LEFT[what]
    before, session = ask(look), pid()
    run(leave)

    sessions.tidy()

    assert ask(look) == before
    assert pid() == session


def own_isolation() -> None:
    connection.connection.isolation_level = 3


def own_rows() -> None:
    connection.connection.row_factory = lambda cursor: list


def no_autocommit() -> None:
    connection.set_autocommit(False)


def begun_by_hand() -> None:
    run("BEGIN")


def left_open() -> None:
    transaction.atomic().__enter__()


def broken() -> None:
    with suppress(Error), transaction.atomic():
        connection.cursor()
        transaction.atomic().__enter__()
        run("SELECT 1/0")


@pytest.mark.parametrize(
    "leave", [own_isolation, own_rows, no_autocommit, begun_by_hand, left_open, broken]
)
def test_a_session_that_no_statement_can_put_right_is_closed(
    sessions: Sessions, leave: Callable[[], None]
):
    before = pid()
    leave()

    sessions.tidy()

    assert pid() != before
    assert not connection.in_atomic_block
    assert ask("SELECT now() = statement_timestamp()")


def test_what_the_project_sets_as_it_connects_holds_for_each_job(own_settings: None):
    def on_connect(connection: Any, **kwargs: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = 'theirs', 'public'")

    connection_created.connect(on_connect)
    line.open_as("child")
    connection.close()
    sessions = Sessions()
    sessions.watch()
    run("SET search_path = 'elsewhere'")

    sessions.tidy()

    assert ask("SHOW search_path") == "theirs, public"
    connection_created.disconnect(on_connect)
    connection_created.disconnect(sessions.note)


def test_the_role_that_django_assumes_holds_for_each_job(sessions: Sessions):
    connection.settings_dict["OPTIONS"]["assume_role"] = "pg_monitor"
    run("RESET ROLE")

    sessions.tidy()

    assert ask("SELECT current_user") == "pg_monitor"
    del connection.settings_dict["OPTIONS"]["assume_role"]
    connection.close()


def test_statements_that_psycopg_prepared_are_prepared_again(sessions: Sessions):
    connection.ensure_connection()
    connection.close()
    connection.settings_dict["OPTIONS"]["prepare_threshold"] = 0

    for _ in range(3):
        with connection.cursor() as cursor:
            assert cursor.connection.execute("SELECT 1 + 1").fetchone() == (2,)
        sessions.tidy()

    connection.close()


def test_a_job_that_does_not_use_the_database_costs_it_nothing(sessions: Sessions):
    before = pid()
    sessions.tidy()
    with Session() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", before)

    sessions.tidy()  # a word to the server would have told that it is gone

    assert connection.connection is not None


def test_a_connection_lost_between_two_jobs_is_replaced(sessions: Sessions):
    before = pid()
    sessions.tidy()
    with Session() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", before)

    assert pid() != before


def test_a_connection_lost_in_a_job_is_no_failure_of_it(sessions: Sessions):
    before = pid()
    with Session() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", before)

    sessions.tidy()

    assert pid() != before


def test_behind_a_pooler_a_session_is_closed_after_its_job(sessions: Sessions, settings: Any):
    settings.JOBS = settings.JOBS | {"listen_url": "postgres://direct"}
    ask("SELECT 1")

    sessions.tidy()

    assert connection.connection is None


def test_a_pooler_that_nobody_told_of_is_noticed(sessions: Sessions, monkeypatch: Any):
    # A pooler answers with a process number that no server process has.
    monkeypatch.setattr("jobs.worker.sessions.ASK", "SELECT 0, 'none', ARRAY[]::text[]")
    assert ask("SHOW client_connection_check_interval") == "0"

    sessions.tidy()

    assert connection.connection is None


def test_a_session_says_that_its_server_is_to_notice_a_death(sessions: Sessions):
    assert ask("SHOW client_connection_check_interval") == "500ms"


def test_the_list_of_queries_ends_with_its_job(sessions: Sessions, settings: Any):
    settings.DEBUG = True
    ask("SELECT 1")
    assert connection.queries

    sessions.tidy()

    assert connection.queries == []


def test_a_wrapper_of_queries_ends_with_its_job(sessions: Sessions):
    ask("SELECT 1")
    connection.execute_wrappers.append(lambda execute, *given: execute(*given))

    sessions.tidy()

    assert connection.execute_wrappers == []


def test_a_copy_that_a_job_makes_for_itself_is_tidied_too(sessions: Sessions):
    copy = connection.copy()
    copy.set_autocommit(True)
    with copy.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7)")

    sessions.tidy()

    assert ask("SELECT true FROM pg_advisory_lock(7)")
    copy.close()


def test_a_session_that_a_thread_keeps_is_noticed(sessions: Sessions):
    with ThreadPoolExecutor(1) as thread:
        thread.submit(ask, "SELECT 1").result()
        sessions.tidy()
        assert sessions.of_threads

        thread.submit(connections.close_all).result()
        sessions.tidy()
        assert not sessions.of_threads


def test_the_session_of_a_thread_that_has_ended_is_closed(sessions: Sessions):
    with ThreadPoolExecutor(1) as thread:
        thread.submit(ask, "SELECT pg_advisory_lock(7)::text").result()

    sessions.tidy()

    assert not sessions.of_threads
    assert ask("SELECT true FROM pg_advisory_lock(7)")
