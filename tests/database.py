"""Each process that runs tests has a database of its own on the private server.

With DATABASE_URL it is test_NAME, as Django does it, with the number of the process where
several run the tests together: two runs at once need two names.
"""

import os
import re
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg.sql import SQL, Identifier

from config.postgres import Server, ensure_running

OURS = re.compile(r"test_jobs_(\d+)")
UNUSED = """
SELECT datname FROM pg_database
WHERE datname LIKE 'test_jobs_%' AND datname NOT IN (
    SELECT datname FROM pg_stat_activity WHERE datname IS NOT NULL
)
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    database: dict[str, Any] = connections["default"].settings_dict
    if server := database.get("SERVER"):
        drop_what_killed_runs_left(server)
        database["TEST"]["NAME"] = f"test_jobs_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """No commit here waits for a disk, in this process or in those that tests start."""
    default = connections["default"]
    if not default.settings_dict.get("SERVER"):
        return
    with django_db_blocker.unblock(), default.cursor() as cursor:
        name = Identifier(default.settings_dict["NAME"])
        # What a crash of the server would then lose is thrown away with the database.
        cursor.execute(SQL("ALTER DATABASE {} SET synchronous_commit = off").format(name))
    default.close()  # its session began before


def drop_what_killed_runs_left(server: Server) -> None:
    with psycopg.connect(ensure_running(server), autocommit=True) as connection:
        for (name,) in connection.execute(UNUSED).fetchall():
            if (match := OURS.fullmatch(name)) and not is_alive(int(match[1])):
                connection.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True
