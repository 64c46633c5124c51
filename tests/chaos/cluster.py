"""A PostgreSQL of our own, thrown away at the end, for this process and the workers it starts."""

import os
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
from tests.proxy import Proxy

NAME = "chaos"
# What a round trip to the server takes more, in milliseconds.
DELAY = "LINE_DELAY_MS"


@contextmanager
def thrown_away() -> Iterator[Server]:
    """A running server with an empty database; it may be stopped, and started with `start`."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        Path(folder).chmod(0o755)  # for the account that PostgreSQL runs under
        # No shorter: some who use it come and go.
        server = Server(Path(folder, ".local"), idle_seconds=600, fsync=False)
        try:
            start(server)
            yield server
        finally:
            remove(server)


def start(server: Server) -> None:
    ensure_running(server, NAME)


@contextmanager
def line_to(server: Server) -> Iterator[tuple[str, int]]:
    """The host and the port where it is reached, as far away as the environment says."""
    if delay := float(os.environ.get(DELAY, 0)):
        with Proxy(str(server.socket_folder), 5432, delay / 1000) as proxy:
            yield "127.0.0.1", proxy.port
    else:
        yield str(server.socket_folder), 5432


def url(host: str | Path, port: int) -> str:
    """For DATABASE_URL: the database at this address, or behind the socket in this folder."""
    return f"postgres://postgres@{quote(str(host), safe='')}:{port}/{NAME}"


@contextmanager
def used_by_this_process(host: str | Path, port: int) -> Iterator[None]:
    """Let Django's connection go to that database, which gets its tables first."""
    default = connections.settings["default"]
    place = {"HOST": str(host), "PORT": str(port), "USER": "postgres", "NAME": NAME}
    plain = default | place | {"ENGINE": "django.db.backends.postgresql"}
    usual = connections["default"]
    connections["default"] = ConnectionHandler({"default": plain})["default"]
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual
