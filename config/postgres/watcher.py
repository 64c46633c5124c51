"""The process that stops the server when nobody uses it. `lifecycle` starts it, with its lock.

It asks the server who is connected, because that survives every kill of a user: the server
itself sees its clients go. It needs nothing of Django's but the name of an error.
"""

import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.pq import Ping

from config.postgres import locks
from config.postgres.server import Server

NAME = "idle watcher"
LONGEST_PAUSE = 5.0
STOP_SECONDS = 30


class Watcher:
    def __init__(self, server: Server, lock: int) -> None:
        self.server = server
        self.lock = lock
        self.used_at = time.monotonic()
        self.connection: psycopg.Connection[Any] | None = None

    def run(self) -> None:
        """Watch until the server has stopped, by us or otherwise."""
        # Not found: the folder was removed, which PostgreSQL notices within a minute.
        with suppress(FileNotFoundError):
            while not self.look():
                self.pause()

    def pause(self) -> None:
        if self.connection is None:
            time.sleep(0.2)
        else:
            # Cut short when the server closes the connection.
            seconds = min(LONGEST_PAUSE, self.server.idle_seconds / 4)
            select.select([self.connection], [], [], seconds)

    def look(self) -> bool:
        """Whether it is all over."""
        try:
            if self.is_used():
                self.used_at = time.monotonic()
            return self.is_idle() and self.stop_unless_used()
        except psycopg.OperationalError:
            self.connection = None
            return self.is_gone()

    def is_used(self) -> bool:
        question = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND NOT starts_with(application_name, %s)"
        )
        return bool(self.ask(question, NAME))

    def is_idle(self) -> bool:
        return time.monotonic() - self.used_at >= self.server.idle_seconds

    def is_gone(self) -> bool:
        with self.server.start_lock(locks.EXCLUSIVE):
            if self.server.ping() is not Ping.NO_RESPONSE:
                return False
            self.leave()
            return True

    def stop_unless_used(self) -> bool:
        with self.server.start_lock(locks.EXCLUSIVE):
            if self.is_used():
                return False
            self.stop()
            self.leave()
            return True

    def stop(self) -> None:
        # Asked of the server, not of the disk, where another may have taken its place.
        pid = self.ask("SELECT split_part(pg_read_file(%s), chr(10), 1)::int", "postmaster.pid")
        os.kill(pid, signal.SIGINT)
        give_up = time.monotonic() + STOP_SECONDS
        while self.server.ping() is not Ping.NO_RESPONSE and time.monotonic() < give_up:
            time.sleep(0.05)
        if self.server.socket_folder != self.server.home:
            with suppress(OSError):
                self.server.socket_folder.rmdir()

    def leave(self) -> None:
        # Under the start lock: who starts the server next must see that it has no watcher.
        os.close(self.lock)

    def ask(self, question: str, value: str) -> Any:
        if self.connection is None:
            self.connection = psycopg.connect(
                self.server.conninfo(),
                autocommit=True,
                application_name=f"{NAME} {os.getpid()}",
            )
        row = self.connection.execute(question, [value]).fetchone()
        return row and row[0]


def main(lock: str, folder: str, idle_seconds: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Watcher(Server(Path(folder), float(idle_seconds)), int(lock)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
