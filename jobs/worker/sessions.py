"""The database sessions that a child's handlers open: bounded, and tidied between jobs."""

from threading import current_thread, main_thread
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from jobs.conf import conf


class Sessions:
    """Those of the thread that runs the handlers."""

    def __init__(self) -> None:
        self.opened: list[BaseDatabaseWrapper] = []

    def watch(self) -> None:
        """Take note of all that are opened from now on."""
        connection_created.connect(self.note, weak=False)

    def note(self, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        if current_thread() is main_thread() and connection not in self.opened:
            self.opened.append(connection)
        let_the_server_notice_death(connection)

    def tidy(self) -> None:
        """What a handler left broken or in the middle of a transaction is not for the next job."""
        for connection in self.opened[:]:
            if connection.in_atomic_block:
                connection.close()
                self.opened.remove(connection)
                if connections[connection.alias] is connection:
                    del connections[connection.alias]
            elif in_transaction(connection):
                connection.close()
            else:
                connection.close_if_unusable_or_obsolete()


def let_the_server_notice_death(connection: BaseDatabaseWrapper) -> None:
    """Else the statement of a killed child goes on, and commits.

    Behind a pooler it must be set on the role, for there a SET would stay with somebody else.
    """
    if connection.vendor == "postgresql" and not conf().listen_url:
        with connection.cursor() as cursor:
            cursor.execute("SET client_connection_check_interval = '500ms'")


def in_transaction(connection: BaseDatabaseWrapper) -> bool:
    """Whether it is in one that Django knows nothing of, begun by a BEGIN of the handler's own."""
    line = connection.connection
    if connection.vendor != "postgresql" or line is None:
        return False
    return bool(line.info.transaction_status != TransactionStatus.IDLE)
