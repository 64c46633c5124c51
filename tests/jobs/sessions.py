"""Other sessions on the test database: for locks that somebody else holds, and for races."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Self, TypeVar

from django.db import connection, connections

Answer = TypeVar("Answer")


class Session:
    """A transaction of somebody else, open until it is left or committed."""

    def __enter__(self) -> Self:
        self._wrapper = connection.copy()
        self._wrapper.set_autocommit(False)
        return self

    def __exit__(self, *args: object) -> None:
        self._wrapper.rollback()
        self._wrapper.close()

    def execute(self, statement: str, *values: Any) -> None:
        with self._wrapper.cursor() as cursor:
            cursor.execute(statement, values)

    def lock(self, job: Any) -> None:
        self.execute("SELECT FROM jobs WHERE id = %s FOR UPDATE", job.pk)

    def commit(self) -> None:
        self._wrapper.commit()


def at_once(times: int, do: Callable[[int], Answer]) -> list[Answer]:
    """Do this in so many threads at the same moment, each with a connection of its own."""
    start = Barrier(times, timeout=30)

    def one(number: int) -> Answer:
        try:
            connection.ensure_connection()
            start.wait()
            return do(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def row(job: Any) -> dict[str, Any]:
    """The job as the table has it now, every column."""
    return type(job).objects.filter(pk=job.pk).values().get()
