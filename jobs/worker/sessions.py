"""The database sessions that handlers open: none keeps anything of one job for the next."""

from threading import Thread, current_thread, main_thread
from typing import Any, NamedTuple

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from jobs.conf import conf

CHECK_INTERVAL = {"client_connection_check_interval": "500ms"}
# The server process as the server itself knows it, and all that was set since the session began.
ASK = """
SELECT pg_backend_pid(), current_setting('role'), ARRAY(
    SELECT ARRAY[name, current_setting(name)] FROM pg_settings WHERE source = 'session'
)
"""


class AsOpened(NamedTuple):
    """What Django, the project and this worker had set when a session had just been opened."""

    settings: dict[str, str]
    attributes: tuple[Any, ...]
    wrappers: list[Any]

    def restore(self, connection: BaseDatabaseWrapper) -> bool:
        """Let the session be as it was; False if it cannot be, and has to be closed."""
        line = connection.connection
        # In a transaction of which Django knows nothing, begun by a BEGIN of the handler's own.
        in_transaction = line.info.transaction_status != TransactionStatus.IDLE
        if in_transaction or attributes(line) != self.attributes:
            return False
        calls = ", ".join(["set_config(%s, %s, false)"] * len(self.settings))
        values = [text for pair in self.settings.items() for text in pair]
        try:
            # By itself, as the server demands. It releases locks that the handler still holds.
            line.execute("DISCARD ALL", prepare=False)
            line.execute(f"SELECT {calls}", values, prepare=False)
        except psycopg.Error:
            return False
        connection.execute_wrappers[:] = self.wrappers
        connection.errors_occurred = False
        return True


class Sessions:
    """Those of this process: the main thread's, which runs the handlers, and other threads'."""

    def __init__(self) -> None:
        # None where the session is not the server's own, which has to be closed after each job.
        self.opened: dict[BaseDatabaseWrapper, AsOpened | None] = {}
        # Of those that live: what they keep is not ours to touch.
        self.of_threads: dict[BaseDatabaseWrapper, Thread] = {}

    def watch(self) -> None:
        """Take note of all that are opened from now on."""
        connection_created.connect(self.note, weak=False)

    def note(self, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        as_opened = set_up(connection)
        if current_thread() is main_thread():
            self.opened[connection] = as_opened
        else:
            self.of_threads[connection] = current_thread()

    def tidy(self) -> None:
        """Between two jobs: what is not as it was when it was opened is put right, or closed."""
        if self.opened:
            self._tidy_ours()
        if self.of_threads:
            self._close_what_ended_threads_left()

    def _tidy_ours(self) -> None:
        for connection, as_opened in list(self.opened.items()):
            connection.queries_log.clear()
            if connection.in_atomic_block:
                abandon(connection)
            elif connection.connection is not None and was_used(connection):
                if as_opened is None or not as_opened.restore(connection):
                    connection.close()
                connection.close_if_unusable_or_obsolete()
            if connection.connection is None:
                del self.opened[connection]

    def _close_what_ended_threads_left(self) -> None:
        for connection, thread in list(self.of_threads.items()):
            if connection.connection is None or not thread.is_alive():
                del self.of_threads[connection]
                let_go(connection)


def set_up(connection: BaseDatabaseWrapper) -> AsOpened | None:
    """Let the server notice our death: else the statement of a killed child goes on, and commits.

    Behind a pooler that must be set on the role, for there a SET would stay with somebody else.
    """
    if connection.vendor != "postgresql" or conf().listen_url:
        return None
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        pid, role, pairs = cursor.fetchone()
        line = connection.connection
        if pid != line.info.backend_pid:  # a pooler says one of its own
            return None
        cursor.execute("SELECT set_config(%s, %s, false)", *CHECK_INTERVAL.items())
    # The role last, which may not be allowed to set the others.
    settings = dict(pairs) | CHECK_INTERVAL | ({} if role == "none" else {"role": role})
    return AsOpened(settings, attributes(line), list(connection.execute_wrappers))


def attributes(line: Any) -> tuple[Any, ...]:
    """What a handler can set on psycopg's side of a session, where no server forgets it."""
    return (
        line.autocommit,
        line.isolation_level,
        line.read_only,
        line.deferrable,
        line.row_factory,
        line.cursor_factory,
        line.prepare_threshold,
    )


def was_used(connection: Any) -> bool:
    """Whether there was a cursor since it was last tidied: Django checks its health before that."""
    return connection.health_check_done or not connection.health_check_enabled


def abandon(connection: BaseDatabaseWrapper) -> None:
    """Roll back and forget a transaction.atomic() that was entered and never left."""
    connection.close()
    if connections[connection.alias] is connection:
        del connections[connection.alias]
    connection.connection = None


def let_go(connection: BaseDatabaseWrapper) -> None:
    """Close the session of a thread that has ended, which Django lets that thread alone do."""
    if connection.connection is not None:
        connection.connection.close()
