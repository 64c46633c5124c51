"""How the server comes up with the first connection, and with it the watcher that stops it."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.pq import Ping
from psycopg.sql import SQL, Identifier

from config.postgres import account, cluster, locks
from config.postgres.server import Server

Connection = TypeVar("Connection", bound=psycopg.Connection[Any])


def connect(server: Server, open_connection: Callable[[], Connection], database: str) -> Connection:
    """Open a connection; if nothing answers, start the server and open it again."""
    with explained(server):
        with suppress(psycopg.OperationalError):
            return _to_stay(server, open_connection())
        ensure_running(server, database)
        return _to_stay(server, open_connection())


def ensure_running(server: Server, database: str = "postgres") -> str:
    """Start the server if nothing answers, make the database if it is missing; say where."""
    with explained(server), _start_lock(server, locks.EXCLUSIVE):
        _wait_while_rejected(server)
        if server.ping() is not Ping.OK:
            cluster.start(server)
        _ensure_watcher(server)
        _ensure_database(server, database)
    return server.conninfo(database)


@contextmanager
def explained(server: Server) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ImproperlyConfigured(
            f"The private PostgreSQL cannot use {error.filename or server.home}: {error.strerror}."
            f" Make {server.folder} a folder that you may write to, with room on its disk, or set"
            " DATABASE_URL."
        ) from error


def _start_lock(server: Server, mode: int) -> AbstractContextManager[None]:
    server.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return server.start_lock(mode)


def _to_stay(server: Server, connection: Connection) -> Connection:
    """The connection, once it is sure that the server was not just stopping."""
    # The watcher looks and stops under this lock. It either sees us, or has already cut us off.
    with _start_lock(server, locks.SHARED):
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if poll.poll(0):
            connection.close()
            raise psycopg.OperationalError("The private PostgreSQL was stopping.")
        _ensure_watcher(server)
    return connection


def _wait_while_rejected(server: Server) -> None:
    # Somebody was killed while starting it, or stopped it by hand.
    give_up = time.monotonic() + cluster.START_SECONDS
    while server.ping() is Ping.REJECT and time.monotonic() < give_up:
        time.sleep(0.1)


def _ensure_database(server: Server, database: str) -> None:
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        known = "SELECT FROM pg_database WHERE datname = %s"
        if not connection.execute(known, [database]).rowcount:
            # Test runners create databases too, without our lock.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(database)))


def _ensure_watcher(server: Server) -> None:
    """Start a watcher unless there is one: it holds its lock as long as it lives."""
    lock = server.take_watcher_lock()
    if lock is None:
        return
    try:
        _start_watcher(server, lock)
    finally:
        os.close(lock)


def _start_watcher(server: Server, lock: int) -> None:
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    arguments = [str(lock), str(server.folder), str(server.idle_seconds)]
    watcher = [sys.executable, "-P", "-m", "config.postgres.watcher", *arguments]
    with (server.home / "watcher.log").open("wb") as log:
        subprocess.run(
            # Through a shell that ends at once, so that the watcher is nobody's child.
            ["/bin/sh", "-c", '"$@" &', "sh", *watcher],
            pass_fds=[lock],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=account.environment() | {"PYTHONPATH": path},
            start_new_session=True,
            check=True,
        )
