"""What keeps a worker from its database: whether it is away, refuses, is too slow or has a lock.

Each of these calls for something else of whoever is woken by it, and each is told with the reason
that the database gave.
"""

import logging
import math
import re
import time
from pathlib import Path
from traceback import walk_tb
from typing import Literal, NamedTuple

from django.db import connections

import jobs
from jobs.worker.line import NoAnswer

logger = logging.getLogger("jobs.worker")

PAUSE = 1.0  # seconds until a database that is away is tried again
SAY_AGAIN = 60.0  # seconds after which an outage that goes on is told again
LONGEST_REASON = 500  # characters

Kind = Literal["away", "refuses", "too slow", "locked"]

# The server ends sessions, starts or stops (57P…), or a connection broke (08…), or the server
# closed one that was in the middle of a transaction (25P…).
AWAY = ("57P", "08", "25P03", "25P04")
TOO_SLOW = ("57014",)
LOCKED = ("55P03", "40P01")
# Of a server that refuses to open a connection psycopg knows no SQLSTATE, only what it said, which
# begins with a word that most languages share. But one that starts or stops is merely away.
REFUSED, NOT_READY = "FATAL:", re.compile(r"starting up|shutting down|recovery|not yet accepting")
STATES_OF_WORDS = {
    r"too many (clients|connections)|connection slots": "53300",
    r"authentication failed|no password|pg_hba|role .* (does not exist|not permitted)": "28000",
    r"permission denied": "42501",
    r"database .* does not exist": "3D000",
}

TELLING: dict[Kind, str] = {
    "away": "The database is away",
    "refuses": "The database refuses what the worker asks",
    "too slow": "The database is too slow",
    "locked": "The database is locked by somebody else",
}
# What to do about it, by the beginning of the SQLSTATE; the longest that fits counts.
ADVICE = {
    "08": "See that it runs, and that this machine reaches it",
    "57P": "See that it runs, and that this machine reaches it",
    "57014": "See what keeps the server busy: pg_stat_activity, its disk, its processors",
    "55P03": "See who holds the lock: pg_locks and pg_blocking_pids() name the session",
    "40P01": "See who else locks these rows: the server's log names both sessions",
    "40": "See why the worker's sessions are not at READ COMMITTED",
    "25006": "It is a standby, or was made read-only: point the worker at the primary, or see why",
    "42501": "Grant its role what it lacks: all tables of the app are read and written",
    "42": "The tables are not those of this release: run manage.py migrate, or start the other one",
    "3F": "See the search_path of the worker's role",
    "28": "See the user and password in DATABASES, and pg_hba.conf on the server",
    "3D": "See the name of the database in DATABASES",
    "53100": "Its disk is full: make room on the server",
    "53200": "It has no memory left: see what uses it on the server",
    "53300": "It has no connection left: end sessions, raise max_connections or use a pooler",
    "53": "It has reached a limit: see its configuration and its log",
    "58": "Its disk or system fails: see its log at once",
    "XX": "It fails in itself, or its files are damaged: see its log at once",
    "": "See the server's log",
}


class Trouble(NamedTuple):
    """Why the database did not do what a worker asked."""

    kind: Kind
    state: str  # the SQLSTATE, or the one that comes nearest
    reason: str
    asked: str  # the function that asked; empty if no connection could be opened

    @classmethod
    def of(cls, error: BaseException) -> "Trouble":
        reason = " ".join(str(error).split())[:LONGEST_REASON] or type(error).__name__
        if state := state_of(error):
            return cls(kind_of(state), state, reason, asked_by(error))
        state = state_of_words(reason)
        return cls(kind_of(state), state, reason, "")

    @property
    def advice(self) -> str:
        return ADVICE[max(filter(self.state.startswith, ADVICE), key=len)]

    @property
    def likeness(self) -> tuple[str, ...]:
        """The same for what needs no telling twice: numbers in a reason change all the time."""
        return self.kind, self.state, re.sub(r"\d+", "", self.reason)

    def __str__(self) -> str:
        asked = f", asked by {self.asked}" if self.asked and self.kind != "away" else ""
        return f"{TELLING[self.kind]} ({self.reason.rstrip('.')}{asked}). {self.advice}."


def state_of(error: BaseException) -> str | None:
    """The SQLSTATE of the error, or of what Django made it of."""
    for it in (error, error.__cause__):
        if state := getattr(it, "sqlstate", None):
            return str(state)
    return None


def state_of_words(reason: str) -> str:
    """That of a broken connection, unless a server was there which refused to open one."""
    if REFUSED not in reason or NOT_READY.search(reason):
        return "08006"
    return next((it for words, it in STATES_OF_WORDS.items() if re.search(words, reason)), "28000")


def kind_of(state: str) -> Kind:
    if state.startswith(AWAY):
        return "away"
    if state.startswith(TOO_SLOW):
        return "too slow"
    return "locked" if state.startswith(LOCKED) else "refuses"


def asked_by(error: BaseException) -> str:
    """'beat in jobs/worker/rounds.py': the last function of the app that is about something."""
    app = Path(jobs.__file__).parent
    about = ""
    for frame, _ in walk_tb(error.__traceback__):
        file, name = Path(frame.f_code.co_filename), frame.f_code.co_name
        is_ours = file.is_relative_to(app) and file.name != "line.py"
        if is_ours and name not in ("executed", "_talk"):
            about = f"{name} in {file.relative_to(app.parent)}"
    return about


class Outage:
    """Whether something keeps the worker from its database, and until when it is left alone."""

    def __init__(self) -> None:
        # Moments of time.monotonic(); 0 while all is well. Somebody's lock on the jobs, or a
        # statement about them that takes too long, does not keep the worker from saying that it
        # lives: only the jobs are left alone, until `jobs_until`.
        self.until = self.jobs_until = self.since = 0.0
        # When each trouble of this outage was told.
        self.told: dict[tuple[str, ...], float] = {}

    def begin(self, error: Exception) -> None:
        self.since = self.since or time.monotonic()
        self._tell(trouble := Trouble.of(error))
        self.jobs_until = time.monotonic() + PAUSE
        # An alarm leaves the connection in the middle of something.
        if trouble.kind in ("locked", "too slow") and not isinstance(error, NoAnswer):
            return
        for connection in connections.all(initialized_only=True):
            connection.close()
            # An alarm may have rung while it entered or left a transaction: it does not know.
            del connections[connection.alias]
        self.until = time.monotonic() + PAUSE

    def end(self) -> None:
        if self.jobs_until:
            lasted = time.monotonic() - self.since
            logger.info("The database is back after %.0f s.", lasted)
            self.until = self.jobs_until = self.since = 0.0
            self.told.clear()

    def _tell(self, trouble: Trouble) -> None:
        """When it begins, when its reason changes, and each minute."""
        now = time.monotonic()
        if now >= self.told.get(trouble.likeness, -math.inf) + SAY_AGAIN:
            facts = {"kind": trouble.kind, "sqlstate": trouble.state, "reason": trouble.reason}
            logger.warning("%s Trying again each second.", trouble, extra=facts)
            self.told[trouble.likeness] = now
