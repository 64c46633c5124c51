"""The statement a busy worker lives by: finish what came back, claim what there is room for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from django.db import connections

from jobs import sql
from jobs.wake import database
from jobs.worker.held import Held
from jobs.worker.line import has_own_session

# Types that are asked in one turn: of more, those whose first job comes first.
MOST_TYPES = 32
# Of each type behind a pooler, where a plan is made for each turn: so many times the room are
# looked at, since others may have locked some.
LOOKED_AT = 8


class Choice(NamedTuple):
    """Which jobs a worker may claim: the due ones of some types, or this one whatever its hour."""

    types: tuple[str, ...] = ()
    id: str = ""

    def picked(self, room: int) -> tuple[str, dict[str, Any]]:
        """What sql.turn() takes, and its parameters."""
        if self.id:
            return sql.THIS_ONE, {"id": self.id}
        types = self.types if len(self.types) <= MOST_TYPES else self._first()
        limit = "NULL" if has_own_session() else str(room * LOOKED_AT)
        rooms = array([limit] * len(types))
        return sql.of_types(len(types)), {"types": array(map(quoted, types)), "rooms": rooms}

    def claimable(self) -> tuple[str, dict[str, Any]]:
        """What sql.POLL takes, and its parameters."""
        if self.id:
            return sql.THIS_ONE_CLAIMABLE, {"id": self.id}
        return sql.CLAIMABLE, {"types": array(map(quoted, self.types))}

    def _first(self) -> Sequence[str]:
        """As many as are asked in one turn, and always so many, for each number has a statement."""
        parameters = {"types": array(map(quoted, self.types)), "most": MOST_TYPES}
        [(first,)] = executed(sql.FIRST_TYPES, parameters)
        return [*first, *[""] * (MOST_TYPES - len(first))]


class Turned(NamedTuple):
    """What the database has confirmed."""

    finished: set[str]
    # Those of them that other jobs wait for.
    awaited: list[str]
    # Whether a job may be claimed now that could not be a moment ago.
    frees: bool
    claimed: list[Held]


def due_of(types: Iterable[str]) -> Choice:
    return Choice(types=tuple(types))


def only(id: object) -> Choice:
    """This job, due or not, if nothing but its hour keeps it from running."""
    return Choice(id=str(id))


def turn(
    choice: Choice,
    worker: int,
    results: Mapping[Held, str | None],
    *,
    room: int,
    free: int,
    running: Iterable[str] = (),
    skip_locked: bool = False,
) -> Turned:
    """Finish these jobs and claim at most `room`, of which at most `free` are suspects.

    So many children are free, and begin the first of the claimed jobs at once; `running` are the
    ids of what the others run. A result waits for a row that somebody has locked; for all of them
    LockNotAvailable is raised if that takes too long. With `skip_locked` it is left out instead.
    """
    picked, parameters = choice.picked(room)
    parameters |= {
        "worker": worker,
        "ids": array(held.id for held in results),
        "leases": array(str(held.lease) for held in results),
        "results": array(map(quoted, results.values())),
        "room": room,
        "free": free,
        "running": array(running),
    }
    statement = sql.turn(picked, skip_locked=skip_locked)
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
