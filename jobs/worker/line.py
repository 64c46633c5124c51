"""The supervisor's line to the database, on which no call may last.

A worker that waits for the database cannot see its deadlines, its signals or its children. So the
server ends a statement that takes too long, and an alarm ends the wait for a server that is silent.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import IsolationLevel

from jobs.conf import conf
from jobs.wake import database
from jobs.worker.addresses import with_addresses

# What it is when time is up: one statement would have been ended by a server that is there, but
# several, each within its time, may take too long together.
SILENT, TOO_SLOW = "08006", "57014"
# Django's lines prepare nothing, not even on demand. So many runs are never reached: of what is
# sent on a line of ours, only what asks for it is prepared.
PREPARE_ON_DEMAND = 1 << 30

# Connections of a child or a supervisor that were inherited by fork: kept from the garbage
# collector, for closing one here would end the session of the process that owns it.
inherited: list[object] = []
# The OPTIONS of each database as the project gives them: a child does not have the worker's.
given: dict[str, dict[str, Any]] = {}
# Of each line that was asked: whether its session is its own.
own_sessions: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()
# Those that have their limits.
limited: WeakSet[Any] = WeakSet()


def open_as(role: str) -> None:
    """Let the connections that this process will open say who they are, and give up soon."""
    for connection in connections.all():
        if connection.vendor != "postgresql":
            continue
        settings = connection.settings_dict
        options = {**given.setdefault(connection.alias, settings["OPTIONS"])}
        if options.pop("pool", None):  # it has threads, and forked processes would share its lines
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
        options |= {"application_name": f"jobs {role} {os.getpid()}"}
        if role == "worker":
            # At another level, writes that meet would fail instead of waiting for each other.
            options |= patience() | {"isolation_level": IsolationLevel.READ_COMMITTED}
        # The line of a child may have been lost while it had no job.
        settings |= {"OPTIONS": options, "CONN_MAX_AGE": None}
        settings |= {"CONN_HEALTH_CHECKS": role == "child"}


def patience() -> dict[str, Any]:
    """The parameters of a connection that gives up soon."""
    seconds = conf().statement.total_seconds()
    return {"connect_timeout": max(2, round(seconds)), "tcp_user_timeout": round(seconds * 1000)}


def opened() -> BaseDatabaseWrapper:
    """Django's connection for the queue, opened if it was not, and no name asked for on the way."""
    django = connections[database()]
    if django.connection is None:
        asked = django.get_connection_params()
        if (params := located(asked)) is not asked:
            # For this once: a forked child opens connections of its own.
            django.get_connection_params = lambda: params  # type: ignore[method-assign]
        try:
            django.ensure_connection()
        finally:
            vars(django).pop("get_connection_params", None)
    return django


def located(params: dict[str, Any]) -> dict[str, Any]:
    """With the addresses of the hosts; asking takes half the time of a statement at most."""
    return with_addresses(params, limit=conf().statement.total_seconds() / 2)


def leave_inherited() -> None:
    """In a new child: forget the parent's connections without a word to the server."""
    for connection in connections.all(initialized_only=True):
        if connection.vendor == "postgresql" and connection.connection is not None:
            os.close(connection.connection.fileno())
            inherited.append(connection.connection)
            connection.connection = None


@contextmanager
def bounded_transaction() -> Iterator[None]:
    """A transaction whose statements, locks and silences are all bounded."""
    limit = conf().statement.total_seconds()
    with alarm(limit, TOO_SLOW), transaction.atomic(using=opened().alias):
        with connections[database()].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true),"
                " set_config('idle_in_transaction_session_timeout', %s, true),"
                " set_config('lock_timeout', %s, true),"
                # As limits() has it, whatever the statistics say.
                " set_config('enable_seqscan', 'off', true),"
                " set_config('enable_bitmapscan', 'off', true),"
                " set_config('jit', 'off', true)",
                # A process that is stopped in here must not keep its locks; and whoever keeps
                # one from us delays that job alone, so that many such waits fit in one limit.
                [f"{limit:.3f}s", f"{limit:.3f}s", f"{limit / 20:.3f}s"],
            )
        yield


@contextmanager
def bounded_statement() -> Iterator[None]:
    """The same around one statement, whose line has the limits for all its time if it is ours."""
    with alarm(conf().statement.total_seconds()):
        if ours := has_own_session():
            limit_for_good()
            yield
    if not ours:
        with bounded_transaction():
            yield


def has_own_session() -> bool:
    """Whether the line is the server's own, where statements stay prepared and limits stay set.

    Behind a pooler the session is another's a moment later. It shows in the number of the process:
    a pooler says one of its own when the line is opened.
    """
    django = opened()
    line = django.connection
    assert line is not None
    if line not in own_sessions:
        with django.wrap_database_errors:
            found = line.execute("SELECT pg_backend_pid()").fetchone()
            own_sessions[line] = found == (line.info.backend_pid,)
    return own_sessions[line]


def limit_for_good() -> None:
    django = connections[database()]
    if django.connection not in limited:
        with django.wrap_database_errors, django.cursor() as cursor:
            cursor.execute(limits())
        django.connection.prepare_threshold = PREPARE_ON_DEMAND
        limited.add(django.connection)


def limits() -> str:
    """And a plan for any parameters, made once, which reads indexes in their order.

    A plan made while the table was small would be kept when it is large; and one that collects
    before it sorts reads all that waits for the sake of a part.
    """
    milliseconds = conf().statement.total_seconds() * 1000
    values = {
        "statement_timeout": f"{milliseconds:.0f}",
        "idle_in_transaction_session_timeout": f"{milliseconds:.0f}",
        "lock_timeout": f"{milliseconds / 20:.0f}",
        "default_transaction_isolation": "read committed",
        "plan_cache_mode": "force_generic_plan",
        "enable_seqscan": "off",
        "enable_bitmapscan": "off",
        # A plan that has to read a table after all has a cost that JIT takes for a reason:
        # compiling it takes a hundred times as long as running it.
        "jit": "off",
    }
    return "; ".join(f"SET {name} = '{value}'" for name, value in values.items())


class NoAnswer(OperationalError):
    """The database was silent for longer than anybody here may wait; `sqlstate` says what it is."""

    def __init__(self, limit: float, sqlstate: str) -> None:
        super().__init__(f"The database did not answer within {limit:g} s.")
        self.sqlstate = sqlstate


@contextmanager
def alarm(limit: float, sqlstate: str = SILENT) -> Iterator[None]:
    """Raise NoAnswer in this block when it has lasted so many seconds."""

    def ring(signum: int, frame: FrameType | None) -> None:
        raise NoAnswer(limit, SILENT if connections[database()].connection is None else sqlstate)

    before = signal.signal(signal.SIGALRM, ring)
    # Half a second more than the server has, whose own error says more.
    signal.setitimer(signal.ITIMER_REAL, limit + 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
