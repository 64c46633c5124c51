"""Hears the NOTIFY that says there is work. Deaf or absent, it costs no more than a poll."""

import logging
import os
import time
from typing import Any

import psycopg
from django.db import OperationalError, connections
from psycopg.conninfo import conninfo_to_dict

from jobs.conf import conf
from jobs.wake import CHANNEL, database
from jobs.worker.line import alarm, inherited, located, patience

logger = logging.getLogger("jobs.worker")

PAUSE = 2.0  # seconds until a line that was lost is opened again
LONG_PAUSE = 15.0  # and one that could not be opened: each try may take a while
# Seconds until it is asked whether it is there: one that was cut without a word says nothing ever.
ASK_EVERY = 20.0


class Listener:
    def __init__(self) -> None:
        self.connection: psycopg.Connection[Any] | None = None
        self._next_try, self._fileno = 0.0, -1
        self._ask_at = 0.0  # by time.monotonic()

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
            self._lose("Nobody listens for new jobs", error, LONG_PAUSE)
            return False
        self._ask_at = time.monotonic() + ASK_EVERY
        return True

    @property
    def may_be_cut(self) -> bool:
        """Whether it has been quiet for so long that it has to be asked."""
        return self.connection is not None and time.monotonic() >= self._ask_at

    def read(self) -> set[str]:
        """What was said since the last time; empty if the line is lost."""
        if self.connection is None:
            return set()
        try:
            if self.may_be_cut:
                with alarm(conf().statement.total_seconds()):
                    self.connection.execute(f"LISTEN {CHANNEL}")
                self._ask_at = time.monotonic() + ASK_EVERY
            return {notify.payload for notify in self.connection.notifies(timeout=0)}
        except (psycopg.Error, OperationalError) as error:
            self._lose("The line on which new jobs are told is lost", error)
            return set()

    def fileno(self) -> int:
        return self._fileno

    def leave_inherited(self) -> None:
        """In a new child: forget the supervisor's line without a word to the server."""
        if self.connection is not None:
            os.close(self.connection.fileno())
            inherited.append(self.connection)

    def _lose(self, what: str, error: Exception, pause: float = PAUSE) -> None:
        reason = " ".join(str(error).split()).rstrip(".")
        message = "%s (%s); they wait for the poll. Trying again in %g s."
        logger.warning(message, what, reason, pause, extra={"reason": reason})
        self.close(pause)

    def close(self, pause: float = PAUSE) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection, self._next_try = None, time.monotonic() + pause


def connect() -> psycopg.Connection[Any]:
    if url := conf().listen_url:
        params = patience() | conninfo_to_dict(url) | {"application_name": "jobs listener"}
    else:
        params = connections[database()].get_connection_params()
    return psycopg.connect(**(located(params) | {"autocommit": True}))
