"""Handlers as other people write them: they raise where nobody expects it, and leave a mess."""

import atexit
import ctypes
import decimal
import locale
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from django.db import connection
from django.utils import timezone, translation
from pydantic import BaseModel, model_validator

from jobs.running import RunningJob
from tests.probe.executions import noted

PR_SET_CHILD_SUBREAPER = 36
LONG = timedelta(minutes=10)


class Trip(BaseModel):
    """`over` names what raises."""

    over: str

    @model_validator(mode="after")
    def as_a_payload(self) -> "Trip":
        # Not in whoever enqueues it.
        if self.over == "a payload model" and is_worker():
            raise SystemExit("no model")
        return self


class Tripped(BaseModel):
    over: str

    @model_validator(mode="after")
    def as_a_result(self) -> "Tripped":
        if self.over == "a result model":
            raise SystemExit("no model")
        return self


class NoWords:
    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


class NothingToAsk(BaseException):
    def __str__(self) -> str:
        raise SystemExit("no words")

    __repr__ = __reduce__ = __str__  # type: ignore[assignment]
    __cause__ = property(__str__)  # type: ignore[assignment]


def trip(job: RunningJob) -> dict[str, str]:
    with noted(job):
        if job.data.over == "a log call":
            logging.raiseExceptions = False  # else the project's own handler shows it
            logging.getLogger("library").warning("%s and %s", NoWords())
        if job.data.over == "an exception":
            raise NothingToAsk
        if job.data.over == "an exit handler":
            atexit.register(no_end)
    return {"over": job.data.over}


def no_end() -> NoReturn:
    raise SystemExit("no end")


def spoil(job: RunningJob) -> None:
    """Leave everything otherwise than it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET search_path = pg_catalog; SET TIME ZONE 'Asia/Tokyo';"
            "SET statement_timeout = 1234; SELECT pg_advisory_lock(7);"
            "CREATE TEMP TABLE mine (); PREPARE mine AS SELECT 1;"
            "DECLARE mine CURSOR WITH HOLD FOR SELECT 1; SET ROLE pg_monitor"
        )
    translation.activate("fr")
    timezone.activate("Asia/Tokyo")
    decimal.getcontext().prec = 2
    os.environ["PROBE_LEFT"] = "behind"
    os.umask(0)
    os.chdir(tempfile.gettempdir())
    locale.setlocale(locale.LC_ALL, "C.UTF-8")
    socket.setdefaulttimeout(7)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


SESSION = """
SELECT current_setting('search_path'), current_setting('TimeZone'), current_user::text,
    current_setting('statement_timeout'), current_setting('client_connection_check_interval'),
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
    (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors),
    to_regclass('pg_temp.mine')::text
"""


def look(job: RunningJob) -> dict[str, list[str]]:
    """Everything as it is found."""
    os.umask(umask := os.umask(0o77))
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        session = cursor.fetchone()
    found = (
        translation.get_language(),
        timezone.get_current_timezone_name(),
        decimal.getcontext().prec,
        os.environ.get("PROBE_LEFT"),
        umask,
        Path.cwd(),
        locale.setlocale(locale.LC_ALL),
        socket.getdefaulttimeout(),
        signal.getsignal(signal.SIGHUP),
    )
    return {"session": list(map(str, session)), "process": list(map(str, found))}


def say_as_it_exits(job: RunningJob) -> None:
    atexit.register(say, str(job.id))


def say(text: str) -> None:
    with Path(os.environ["PROBE_SAID"]).open("a") as said:
        print(text, file=said)


def wait_for_a_subprocess(job: RunningJob) -> None:
    with noted(job):
        subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"], check=True)


def leave_orphans(job: RunningJob) -> None:
    """Each ends after its parent has."""
    subprocess.run(["sh", "-c", "sleep 0.1 & sleep 0.1 & setsid sleep 0.1 &"], check=True)


def is_worker() -> bool:
    return "run_jobs" in sys.argv


def register(add: Callable[..., object]) -> None:
    add("probe_trip", trip, payload=Trip, result=Tripped)
    add("probe_spoil", spoil)
    add("probe_look", look)
    add("probe_say_as_it_exits", say_as_it_exits)
    add("probe_wait_for_a_subprocess", wait_for_a_subprocess, timeout=LONG)
    add("probe_leave_orphans", leave_orphans)
    if is_worker():
        be_what_a_test_asks_for()


def be_what_a_test_asks_for() -> None:
    if "PROBE_SAID" in os.environ:
        atexit.register(say, "the worker")
    if "PROBE_ADOPTS" in os.environ:  # as process number 1 does
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
