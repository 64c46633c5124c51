"""The private server of a folder, described: where its things are and how it is reached."""

import hashlib
import os
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from config.postgres import locks

PORT, USER = "5432", "postgres"
# The size of sun_path in the address of a Unix socket, less its closing zero.
LONGEST_SOCKET = 103 if sys.platform == "darwin" else 107


@dataclass(frozen=True)
class Server:
    """One server for all the processes that name this folder; it keeps to folder/postgres.

    A watcher stops it when it has had no client for `idle_seconds`; with what it takes to
    notice and to stop, the default makes that less than a minute. `fsync=False` is for
    clusters that are thrown away: a power cut destroys them.
    """

    folder: Path
    idle_seconds: float = 45
    fsync: bool = True

    @property
    def home(self) -> Path:
        return self.folder / "postgres"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def socket_folder(self) -> Path:
        socket = os.fsencode(self.home / f".s.PGSQL.{PORT}")
        # To libpq, a comma is the end of one host and the beginning of the next.
        if len(socket) <= LONGEST_SOCKET and b"," not in socket:
            return self.home
        # Not tempfile.gettempdir(): all processes must agree, whatever their TMPDIR is.
        # Who was there first is checked when the server starts.
        return Path("/tmp", f"pg-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]}")  # noqa: S108

    def conninfo(self, database: str = "postgres") -> str:
        """What psycopg.connect() needs to reach this database."""
        host = str(self.socket_folder)
        return make_conninfo(host=host, port=PORT, user=USER, dbname=database, connect_timeout=5)

    def ping(self) -> Ping:
        """OK, REJECT (it starts or stops) or NO_RESPONSE."""
        return Ping(PGconn.ping(self.conninfo().encode()))

    def start_lock(self, mode: int) -> AbstractContextManager[None]:
        """Exclusive for who starts or stops the server; shared for who must not see it stop."""
        return locks.held(self.home / "start.lock", mode)

    def take_watcher_lock(self) -> int | None:
        return locks.take(self.home / "watcher.lock")
