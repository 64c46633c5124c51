"""Hears the NOTIFY that says there is work. Deaf or absent, it costs no more than a poll."""

import logging
import os
import time
from typing import Any

import psycopg
from django.db import connections

from jobs.conf import conf
from jobs.wake import CHANNEL, database
from jobs.worker.line import alarm, inherited

logger = logging.getLogger("jobs.worker")

PAUSE = 2.0  # seconds until a line that was lost is opened again
LONG_PAUSE = 15.0  # and one that could not be opened: each try may take a while


class Listener:
    def __init__(self) -> None:
        self.connection: psycopg.Connection[Any] | None = None
        self._next_try, self._fileno = 0.0, -1

    def open_if_closed(self) -> bool:
        """Listen again if the line was lost. True if it has just been opened."""
        if self.connection or not conf().notify or time.monotonic() < self._next_try:
            return False
        try:
            with alarm(conf().statement.total_seconds()):
                self.connection = connect()
                self.connection.execute(f"LISTEN {CHANNEL}")
                self._fileno = self.connection.fileno()
        except Exception as error:  # whatever it is, the poll goes on
            logger.warning("Nobody listens; jobs wait for the poll.", extra={"reason": str(error)})
            self.close(LONG_PAUSE)
            return False
        return True

    def read(self) -> set[str]:
        """What was said since the last time; empty if the line is lost."""
        if self.connection is None:
            return set()
        try:
            return {notify.payload for notify in self.connection.notifies(timeout=0)}
        except psycopg.Error:
            self.close()
            return set()

    def fileno(self) -> int:
        return self._fileno

    def leave_inherited(self) -> None:
        """In a new child: forget the supervisor's line without a word to the server."""
        if self.connection is not None:
            os.close(self.connection.fileno())
            inherited.append(self.connection)

    def close(self, pause: float = PAUSE) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection, self._next_try = None, time.monotonic() + pause


def connect() -> psycopg.Connection[Any]:
    if url := conf().listen_url:
        return psycopg.connect(url, autocommit=True, application_name="jobs listener")
    params = connections[database()].get_connection_params() | {"autocommit": True}
    return psycopg.connect(**params)
