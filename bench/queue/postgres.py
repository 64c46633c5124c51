"""The one PostgreSQL on which every system is measured, each in a database of its own."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo
from psycopg.sql import SQL, Identifier

from config.postgres import Server, ensure_running
from config.postgres.account import choose
from config.postgres.binaries import find
from config.postgres.cluster import Cluster
from config.postgres.locks import EXCLUSIVE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".local" / "bench"
Connection = psycopg.Connection[tuple[Any, ...]]


class PostgreSQL:
    """That of DATABASE_URL, or else a private one of the benchmark's own, which may be stopped."""

    def __init__(self) -> None:
        url = os.environ.get("DATABASE_URL", "")
        self.private = None if url else Server(FOLDER)
        self.conninfo = ensure_running(self.private) if self.private else url
        # Kept open: a private server stops when nobody has been connected for a while.
        self.line: Connection = psycopg.connect(self.conninfo, autocommit=True)

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A new database, dropped afterwards with all who are connected to it."""
        drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name))
        make = SQL("CREATE DATABASE {}").format(Identifier(name))
        self.line.execute(drop)
        self.line.execute(make)
        try:
            yield make_conninfo(self.conninfo, dbname=name)
        finally:
            self.line.execute(drop)

    def version(self) -> str:
        return self.line.info.parameter_status("server_version") or ""

    def restart(self, *, down: float) -> None:
        """As an administrator would: sessions are ended, and nobody gets in for so many seconds."""
        assert self.private
        programs = find()
        account = choose(self.private.home, programs.folder / "postgres")
        cluster = Cluster(self.private, programs, account)
        with self.private.start_lock(EXCLUSIVE):  # or a worker would start it
            cluster.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.private.data)
            time.sleep(down)
            cluster.start()
        self.line = psycopg.connect(ensure_running(self.private), autocommit=True)


def program(name: str) -> Path | None:
    """One of PostgreSQL's own programs, if it is installed: the server's own if it is private."""
    folders = os.environ["PATH"].split(os.pathsep)
    if not os.environ.get("DATABASE_URL"):
        folders.insert(0, str(find().folder))
    found = (Path(folder, name) for folder in folders)
    return next((path for path in found if os.access(path, os.X_OK)), None)


def variables(conninfo: str) -> dict[str, str]:
    """PGHOST, PGDATABASE and so on, in which every driver finds where the database is."""
    given = conninfo_to_dict(conninfo)
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in Conninfo.get_defaults()
        if option.envvar
    }
    return {names[key]: str(value) for key, value in given.items() if key in names}
