"""A PostgreSQL of our own, thrown away at the end, for this process and the workers it starts."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.core.management import call_command
from django.db import connections
from django.db.utils import ConnectionHandler

from config.postgres import Server, ensure_running
from tests.private_postgres.processes import remove

NAME = "chaos"


@contextmanager
def thrown_away() -> Iterator[Server]:
    """A running server with an empty database; it may be stopped, and started with `start`."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        Path(folder).chmod(0o755)  # for the account that PostgreSQL runs under
        server = Server(Path(folder, ".local"), fsync=False)
        try:
            start(server)
            yield server
        finally:
            remove(server)


def start(server: Server) -> None:
    ensure_running(server, NAME)


def url(folder: Path, port: int) -> str:
    """For DATABASE_URL: the database behind the socket in this folder."""
    return f"postgres://postgres@{quote(str(folder), safe='')}:{port}/{NAME}"


@contextmanager
def used_by_this_process(folder: Path, port: int) -> Iterator[None]:
    """Let Django's connection go to that database, which gets its tables first."""
    default = connections.settings["default"]
    place = {"HOST": str(folder), "PORT": str(port), "USER": "postgres", "NAME": NAME}
    plain = default | place | {"ENGINE": "django.db.backends.postgresql"}
    usual = connections["default"]
    connections["default"] = ConnectionHandler({"default": plain})["default"]
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual
