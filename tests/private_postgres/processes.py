"""Real servers and real processes for these tests, each ended by its own id."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from config.postgres import Server

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}

# A process that uses the server: prints the server's pid, then stays for so many seconds.
USER = """
import sys, time, psycopg
from pathlib import Path
from config.postgres import Server, connect
folder, idle_seconds, stay = Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
server = Server(folder, idle_seconds, fsync=False)
line = connect(server, lambda: psycopg.connect(server.conninfo("jobs")), "jobs")
question = "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)"
print(line.execute(question).fetchone()[0], flush=True)
time.sleep(stay)
line.close()
"""

# A Django project with this database; a test adds its lines.
DJANGO = """
import sys
from pathlib import Path
import django
from django.conf import settings
from config.postgres import private_database
database = private_database(Path(sys.argv[1]), fsync=False)
settings.configure(DATABASES={"default": database}, USE_TZ=True)
django.setup()
from django.core.management import call_command
from django.db import connection, connections
"""


def python(
    code: str, *arguments: object, prefix: tuple[str, ...] = (), **options: Any
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", code, *map(str, arguments)],
        **{
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "env": ENVIRONMENT,
            "cwd": "/",
        }
        | options,
    )


def output(process: subprocess.Popen[str]) -> str:
    """What it printed; it must end well, and close its pipes, within half a minute."""
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    return out.strip()


def use(server: Server, *, stay: float = 0, **options: Any) -> subprocess.Popen[str]:
    return python(USER, server.folder, server.idle_seconds, stay, **options)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def ask(server: Server, question: str) -> Any:
    with psycopg.connect(server.conninfo()) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def postmaster(server: Server) -> int:
    return int(server.pid_file.read_text().split()[0])


def watcher(server: Server) -> int | None:
    found = ask(
        server,
        "SELECT split_part(application_name, ' ', 3)::int FROM pg_stat_activity"
        " WHERE application_name LIKE 'idle watcher %'",
    )
    return None if found is None else int(found)


def wait_until(condition: Callable[[], object], *, seconds: float = 15) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, f"not within {seconds} s"
        time.sleep(0.05)


def has_no_watcher(server: Server) -> bool:
    lock = server.take_watcher_lock()
    if lock is not None:
        os.close(lock)
    return lock is not None


def remove(server: Server) -> None:
    """End the server, see its watcher leave without complaint, and remove the folder."""
    with suppress(FileNotFoundError, ProcessLookupError, NotADirectoryError):
        os.kill(postmaster(server), signal.SIGQUIT)
        wait_until(lambda: not server.pid_file.exists())
    with suppress(FileNotFoundError, NotADirectoryError):
        wait_until(lambda: has_no_watcher(server))
        assert (server.home / "watcher.log").read_text() == ""
    if server.socket_folder != server.home:
        shutil.rmtree(server.socket_folder, ignore_errors=True)
    shutil.rmtree(server.folder, ignore_errors=True)
