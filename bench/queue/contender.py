"""A system that takes part, with a database of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg

from bench.queue.postgres import FOLDER, Connection, variables
from bench.queue.processes import Process, output_of, running
from bench.queue.systems import System

# Of our own processes; the others do not look at them.
OURS = {
    "DJANGO_SETTINGS_MODULE": "bench.queue.settings",
    "SECRET_KEY": "for databases that are dropped at the end",
    "LOG_LEVEL": "WARNING",
    "JOBS_CHILD_MAX_JOBS": "100000",
    "DATABASE_LISTEN_URL": "",  # or they would listen in another database
}


class Contender:
    def __init__(
        self, system: System, command: list[str], database: str, conninfo: str, *, rounds: int
    ) -> None:
        self.system, self.command, self.conninfo = system, command, conninfo
        self.database, self.rounds = database, rounds
        self.stamps = FOLDER / f"{database}.stamps"
        self.environment = OURS | {
            **variables(conninfo),
            "BENCH_DATABASE": database,
            "BENCH_STAMPS": str(self.stamps),
            "BENCH_ROUNDS": str(rounds),
        }
        self.errand("setup")

    @property
    def name(self) -> str:
        return self.system.name

    def errand(self, *words: object) -> str:
        """What one of the errands of bench/queue/errand.py printed."""
        return output_of([*self.command, *map(str, words)], self.environment)

    @contextmanager
    def workers(self, how: str, count: int) -> Iterator[list[Process]]:
        command = [*self.command, "work", how, str(count)]
        with ExitStack() as stack:
            yield [stack.enter_context(running(command, self.environment)) for _ in range(count)]

    def connect(self) -> Connection:
        return psycopg.connect(self.conninfo, autocommit=True)

    def ask(self, question: Any, *values: Any) -> Any:
        with self.connect() as connection:
            row = connection.execute(question, values).fetchone()
        return row and row[0]

    def execute(self, *statements: Any) -> None:
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def empty(self) -> None:
        self.execute(f"TRUNCATE {self.system.tables} CASCADE")

    def load(self, jobs: int) -> None:
        """So many no-op jobs in tables that hold nothing else."""
        self.empty()
        self.errand("load", jobs)
        self.tidy()

    def tidy(self) -> None:
        """As autovacuum would leave the tables, with no checkpoint due."""
        self.execute(f"VACUUM ANALYZE {self.system.tables}")
        with suppress(psycopg.errors.InsufficientPrivilege):  # not ours to order
            self.execute("CHECKPOINT")
