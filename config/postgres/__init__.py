"""A private PostgreSQL for a project that has no DATABASE_URL: it starts when it is needed.

    DATABASES = {"default": private_database(BASE_DIR / ".local")}

Django's connections start the server by themselves. For a psycopg connection of one's own:

    psycopg.connect(ensure_running(Server(BASE_DIR / ".local"), "jobs"))
"""

from pathlib import Path
from typing import Any

from config.postgres.lifecycle import connect, ensure_running
from config.postgres.server import PORT, USER, Server

__all__ = ["Server", "connect", "ensure_running", "private_database"]


def private_database(folder: Path, *, name: str = "jobs", **options: Any) -> dict[str, Any]:
    """An entry of DATABASES: the database `name` on the private server of this folder.

    The options are those of `Server`. Nothing is touched until the first connection.
    """
    server = Server(folder.resolve(), **options)
    return {
        "ENGINE": __name__,
        "NAME": name,
        "HOST": str(server.socket_folder),
        "PORT": PORT,
        "USER": USER,
        "SERVER": server,
    }
