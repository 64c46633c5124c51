"""Scenario 18: all that is promised up to scenario 15 holds behind PgBouncer, and the wake-up too.

These are the scenarios of tests/chaos as they are. Only the way to the database differs, for the
workers, their children and whoever enqueues.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from config.postgres import Server
from tests.chaos.cluster import url, used_by_this_process
from tests.chaos.conftest import NewWorker, line, new_worker, nothing_is_wrong
from tests.chaos.database import row
from tests.chaos.probes import ended, enqueue, enqueue_many, executions
from tests.chaos.report import Line
from tests.chaos.test_claims import *  # noqa: F403
from tests.chaos.test_deadlines import *  # noqa: F403
from tests.chaos.test_death import *  # noqa: F403
from tests.chaos.test_enqueueing import (
    test_20_a_job_starts_right_after_the_commit_and_never_before,
)
from tests.chaos.test_restart import *  # noqa: F403
from tests.chaos.test_restart import database, server
from tests.chaos.test_stopping import *  # noqa: F403
from tests.chaos.waiting import wait_until
from tests.chaos.worker import manage
from tests.system.conftest import require
from tests.system.pgbouncer import PORT, PgBouncer, in_front_of

__all__ = [
    "database",
    "line",
    "new_worker",
    "nothing_is_wrong",
    "server",
    "test_20_a_job_starts_right_after_the_commit_and_never_before",
]

# What jobs.W002 asks for: a worker cannot ask for it through a pooler.
END_ORPHANS = "ALTER ROLE postgres SET client_connection_check_interval = '500ms'"


@pytest.fixture(scope="module")
def pooler(server: Server) -> Iterator[PgBouncer]:
    program = require("pgbouncer", package="pgbouncer")
    with psycopg.connect(server.conninfo(), autocommit=True) as direct:
        direct.execute(END_ORPHANS)
    with in_front_of(server, program) as pooler:
        yield pooler


@pytest.fixture(scope="module")
def ours(
    server: Server, pooler: PgBouncer, django_db_setup: None, django_db_blocker: Any
) -> Iterator[dict[str, str]]:
    """This process goes through the pooler too; only LISTEN has a direct line."""
    place = pooler.folder, PORT
    with django_db_blocker.unblock(), used_by_this_process(*place):
        direct = url(server.socket_folder, 5432)
        yield {"DATABASE_URL": url(*place), "DATABASE_LISTEN_URL": direct, "DEBUG": "1"}


def test_18_without_a_direct_line_jobs_start_within_the_poll_interval(
    new_worker: NewWorker, line: Line
) -> None:
    new_worker("--slots", 1, "--poll", 1, DATABASE_LISTEN_URL="").ready()
    waits = []

    for _ in range(3):
        job = enqueue("run", {})
        wait_until(lambda job=job: ended(job))
        waits.append((executions(job)[0].started_at - row(job).created_at).total_seconds())

    line.measure("started", max(waits), under=1.5)


def test_18_the_checks_find_nothing_wrong(database: dict[str, str], line: Line) -> None:
    found = manage("check", "--database", "default", "--fail-level", "WARNING", **database)

    assert found.returncode == 0, found.stderr


def test_18_no_setting_of_a_worker_stays_with_a_session_of_the_pool(
    server: Server, database: dict[str, str], new_worker: NewWorker, line: Line
) -> None:
    with in_front_of(server, require("pgbouncer", package="pgbouncer"), size=1) as narrow:
        address = url(narrow.folder, PORT)
        jobs = [*enqueue_many(20, "run", {}), enqueue("atomic", {}), enqueue("raise", FAILS)]
        new_worker("--slots", 4, "--until-empty", DATABASE_URL=address).until_empty()
        assert ended(*jobs)

        with psycopg.connect(address) as the_only_session:
            left = the_only_session.execute(LEFT_BEHIND).fetchall()

    assert left == []


FAILS = {"error": "ValueError"}
# The pooler itself keeps apart what each client says about these.
LEFT_BEHIND = """
SELECT name, setting FROM pg_settings WHERE source = 'session'
AND name NOT IN ('application_name', 'client_encoding', 'DateStyle', 'TimeZone')
"""
