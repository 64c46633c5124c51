"""The statement a busy worker lives by: finish what came back, claim what there is room for."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import psycopg
from django.db import connections

from jobs import sql
from jobs.wake import database
from jobs.worker.held import Held
from jobs.worker.line import has_own_session


class Choice(NamedTuple):
    """Which jobs a worker may claim: a condition of sql.py, and its parameter."""

    condition: str
    parameter: str


class Turned(NamedTuple):
    """What the database has confirmed."""

    finished: set[str]
    # Those of them that other jobs wait for.
    awaited: list[str]
    # Whether a job may be claimed now that could not be a moment ago.
    frees: bool
    claimed: list[Held]


def due_of(types: list[str]) -> Choice:
    return Choice(sql.DUE_OF_TYPES, array(map(quoted, types)))


def only(id: object) -> Choice:
    """This job, due or not, if nothing but its hour keeps it from running."""
    return Choice(sql.THIS_ONE, str(id))


def turn(
    choice: Choice, worker: int, results: Mapping[Held, str | None], *, room: int, suspects: int
) -> Turned:
    """Claims at most `room` jobs, of which `suspects` have crashed before."""
    parameters = {
        "choice": choice.parameter,
        "worker": worker,
        "ids": array(held.id for held in results),
        "leases": array(str(held.lease) for held in results),
        "results": array(map(quoted, results.values())),
        "room": room,
        "suspects": suspects,
    }
    statement = sql.TURN.format(claimable=choice.condition)
    (finished, _, awaited, *_, frees), *rows = executed(statement, parameters)
    return Turned(
        set(listed(finished)),
        listed(awaited),
        frees == "true",
        [Held(id, lease, worker, *rest) for id, lease, *rest in rows],
    )


def listed(ids: str | None) -> list[str]:
    """What PostgreSQL wrote as an array of ids."""
    return ids[1:-1].split(",") if ids else []


def executed(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Prepared where it stays so."""
    prepare = has_own_session()
    django = connections[database()]
    with django.wrap_database_errors, psycopg.Cursor(django.connection) as cursor:
        return cursor.execute(statement, parameters, prepare=prepare).fetchall()


def array(items: Iterable[str]) -> str:
    """As PostgreSQL writes it: to adapt a list item by item takes twice as long as the rest."""
    return "{" + ",".join(items) + "}"


def quoted(item: str | None) -> str:
    if item is None:
        return "NULL"
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
