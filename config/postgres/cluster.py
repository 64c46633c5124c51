"""The data folder and the server process on it. The caller holds the start lock."""

import os
import shlex
import shutil
import tempfile
import time
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from psycopg import OperationalError
from psycopg.pq import Ping

from config.postgres import account, binaries
from config.postgres.account import Account
from config.postgres.server import PORT, Server

# After a crash its orphans hold on to shared memory until they notice.
RETRY_SECONDS = 10
START_SECONDS = 50
LONGEST_LOG = 1_000_000


def start(server: Server) -> None:
    """Start the server; make its data folder first if there is none."""
    programs = binaries.find()
    runner = account.choose(server.home, programs.folder / "postgres")
    cluster = Cluster(server, programs, runner)
    cluster.clear_away()
    if not server.data.exists():
        cluster.create()
    cluster.check_version()
    cluster.open_socket_folder()
    cluster.start()


class Cluster(NamedTuple):
    server: Server
    programs: binaries.Binaries
    account: Account

    def clear_away(self) -> None:
        """Remove what a killed `create` has left, and a log that has grown too long."""
        for leftover in self.server.home.glob("data-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        if self.log_size() > LONGEST_LOG:
            self.server.log.rename(self.server.log.with_suffix(".1"))

    def create(self) -> None:
        # Elsewhere, then renamed: a data folder is whole or absent, whoever is killed when.
        building = Path(tempfile.mkdtemp(prefix="data-", dir=self.server.home))
        self.account.own(building)
        options = [*self.locale(), *([] if self.server.fsync else ["--no-sync"])]
        made = self.run("initdb", "-D", building, "-U", "postgres", "--auth=trust", *options)
        if made.returncode != 0:
            shutil.rmtree(building, ignore_errors=True)
            raise self.failure("could not be created", made.stdout.splitlines())
        building.rename(self.server.data)

    def locale(self) -> list[str]:
        if self.programs.version < 17:
            return ["--encoding=UTF8", "--locale=C.UTF-8"]
        # Built in, so the same everywhere: macOS has no C.UTF-8 of its own.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--encoding=UTF8", "--locale=C", *builtin]

    def check_version(self) -> None:
        version_file = self.server.data / "PG_VERSION"
        found = version_file.read_text().strip() if version_file.exists() else "nothing"
        if found != str(self.programs.version):
            raise ImproperlyConfigured(
                f"{self.server.data} was made by PostgreSQL {found}, but the programs in"
                f" {self.programs.folder} are {self.programs.version}. Set PG_BINDIR to those of"
                f" {found}, or remove {self.server.home} to begin with an empty database."
            )

    def open_socket_folder(self) -> None:
        folder = self.server.socket_folder
        if folder == self.server.home:
            return
        if not os.path.lexists(folder):
            folder.mkdir(mode=0o700)
            self.account.own(folder)
        state = folder.lstat()
        # In /tmp anybody may have been there first; sticky, so only its owner can move it.
        if (state.st_mode, state.st_uid) != (0o040700, self.account.uid):
            raise ImproperlyConfigured(
                f"{folder} should be a folder that only user {self.account.uid} may enter, for the"
                f" socket of the PostgreSQL in {self.server.home}. Remove it and try again."
            )

    def start(self) -> None:
        retry_until = time.monotonic() + (RETRY_SECONDS if self.has_crashed() else 0)
        log_began = self.log_size()
        while (said := self.pg_ctl_start()).returncode != 0 and self.server.ping() is not Ping.OK:
            if time.monotonic() > retry_until:
                raise self.failure("did not start", self.last_words(said.stdout, log_began))
            time.sleep(0.2)

    def has_crashed(self) -> bool:
        """Whether a server has left its pid file; if so, make sure that it misleads nobody."""
        try:
            pid, rest = self.server.pid_file.read_text().split("\n", 1)
            command = Path("/proc", pid, "cmdline").read_bytes()
        except (OSError, ValueError):
            return self.server.pid_file.exists()
        if os.fsencode(self.server.data) not in command:
            # After a container restarts, that pid is often some other process; PostgreSQL would
            # wait for it, but not for us, its grandparent. The rest leads it to orphans.
            self.server.pid_file.write_text(f"{os.getpid()}\n{rest}")
        return True

    def pg_ctl_start(self) -> CompletedProcess[str]:
        options = ["-c", "listen_addresses=", "-k", str(self.server.socket_folder), "-p", PORT]
        if not self.server.fsync:
            options += ["-c", "fsync=off", "-c", "full_page_writes=off"]
        files = ["-D", str(self.server.data), "-l", str(self.server.log)]
        return self.run(
            "pg_ctl", "start", "-w", "-t", str(START_SECONDS), *files, "-o", shlex.join(options)
        )

    def run(self, program: str, *arguments: str | Path) -> CompletedProcess[str]:
        return self.account.run(self.programs.folder / program, *arguments)

    def log_size(self) -> int:
        return self.server.log.stat().st_size if self.server.log.exists() else 0

    def last_words(self, said: str, log_began: int) -> list[str]:
        log = self.server.log.read_bytes()[log_began:] if self.log_size() else b""
        return (log.decode(errors="replace") or said).splitlines()

    def failure(self, what: str, words: list[str]) -> OperationalError:
        return OperationalError(
            f"The private PostgreSQL in {self.server.home} {what}. Put right what it says here, or"
            " set DATABASE_URL, then try again:\n" + "\n".join(words[-6:])
        )
