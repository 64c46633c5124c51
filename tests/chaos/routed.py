"""Databases for jobs that are routed elsewhere, by this process and by the workers it starts."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import OperationalError, connection, connections
from django.db.utils import ConnectionHandler

from tests.chaos.waiting import wait_until

ALIASES = ("queue", "frozen")
SETTINGS = "tests.probe.routed_settings"
ROUTER = "tests.probe.routing.JobsElsewhere"


@contextmanager
def databases() -> Iterator[None]:
    """Two more like the test's own, which is empty at this moment."""
    for alias in ALIASES:
        wait_until(lambda alias=alias: copied(name_of(alias)), what="a copy of the database")
    usual = connections.settings["default"]
    more = {alias: usual | {"NAME": name_of(alias)} for alias in ALIASES}
    handler = ConnectionHandler({"default": usual} | more)
    for alias in ALIASES:
        # By this alone: Django's tests refuse a database that is in the settings and not in theirs.
        connections[alias] = handler[alias]
    try:
        yield
    finally:
        for alias in ALIASES:
            connections[alias].close()
            del connections[alias]
            administer(f'DROP DATABASE "{name_of(alias)}" WITH (FORCE)')


def name_of(alias: str) -> str:
    return f"{connection.settings_dict['NAME']}_{alias}"


def copied(name: str) -> bool:
    """False as long as somebody else is in the database."""
    connection.close()
    with suppress(OperationalError):
        administer(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["NAME"]}"')
        return True
    return False


def administer(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
