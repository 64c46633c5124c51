"""How many statements the workers of a contender send."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from bench.queue.contender import Contender
from bench.queue.postgres import PostgreSQL
from bench.queue.processes import Failed

# As the log has them, BEGIN and COMMIT among them.
LOGGED = (b"LOG:  statement: ", b"LOG:  execute ")
COUNTED = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class CannotBeCounted(Failed):
    """Of a server that is not ours we know only what it tells."""


@contextmanager
def counted(postgres: PostgreSQL, contender: Contender) -> Iterator[Callable[[], int]]:
    """How many were sent by connections that were opened since then.

    By the log of a private server; elsewhere by pg_stat_statements, where it is installed.
    """
    if postgres.private:
        with logged(contender):
            yield from by_log(postgres.private.log)
    else:
        yield from by_extension(contender)


@contextmanager
def logged(contender: Contender) -> Iterator[None]:
    name = Identifier(contender.database)
    contender.execute(SQL("ALTER DATABASE {} SET log_statement = 'all'").format(name))
    try:
        yield
    finally:
        contender.execute(SQL("ALTER DATABASE {} RESET log_statement").format(name))


def by_log(log: Path) -> Iterator[Callable[[], int]]:
    began = log.stat().st_size

    def count() -> int:
        with log.open("rb") as file:
            file.seek(began)
            return sum(any(mark in line for mark in LOGGED) for line in file)

    yield count


def by_extension(contender: Contender) -> Iterator[Callable[[], int]]:
    try:
        contender.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        began = contender.ask(COUNTED)
    except psycopg.Error as error:
        reason = str(error).splitlines()[0]
        raise CannotBeCounted(f"it takes pg_stat_statements: {reason}") from None
    yield lambda: int(contender.ask(COUNTED) - began)
