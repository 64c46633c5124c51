"""How new jobs come into the table: one, many, or those that may meet one that waits."""

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import nullcontext, suppress
from datetime import datetime
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any

from django.db import Error, connections, transaction

from jobs import sql
from jobs.conf import conf
from jobs.models.enqueued import Enqueued, made
from jobs.models.new_job import Row
from jobs.wake import HINT, wake

if TYPE_CHECKING:
    from jobs.models import Job

ROWS_PER_INSERT = 2_000
ROWS_PER_WRITE = 500


class Insertion:
    def __init__(self, model: "type[Job]", using: str) -> None:
        self.model, self.using = model, using
        self.connection = connections[using]

    def add(self, rows: list[Row], replacing: Set[str]) -> Enqueued:
        """Insert all or none, and let the workers know.

        Of what waits under the key of one of these rows, the rows with these ids replace the data.
        """
        jobs: Iterable[Job | Row] = rows
        # COPY neither meets a row nor tells the time to those that give none.
        if any(row.unique_key for row in rows) or len({row.run_at is None for row in rows}) > 1:
            jobs = self._meet(rows, replacing)
        elif len(rows) == 1:
            jobs = [self._insert(rows[0])]
        elif rows:
            self._copy(rows)
        return Enqueued(jobs, self.model, self.using)

    # -- one ---------------------------------------------------------------------------------------

    def _insert(self, row: Row) -> "Job":
        given = {name: value for name, value in row._asdict().items() if value is not None}
        statement = sql.ENQUEUE_ONE.format(
            columns=", ".join(given), values=", ".join(["%s"] * len(given))
        )
        if row.due and self._may_commit():
            at = self._insert_and_hint(statement, list(given.values()), row)
        else:
            with self.connection.cursor() as cursor:
                cursor.execute(statement, list(given.values()))
                (at,) = cursor.fetchone()
            if row.due:
                wake()
        return made(row, self.model, self.using, at)

    def _may_commit(self) -> bool:
        """Whether the hint can go with the row: no transaction is open, no option against it."""
        options = self.connection.settings_dict["OPTIONS"]
        several = options.get("server_side_binding") is not True
        return several and conf().notify and self.connection.get_autocommit()

    def _insert_and_hint(self, statement: str, values: list[Any], row: Row) -> datetime:
        """In one round trip, yet in two transactions.

        In one of its own the hint cannot undo the row. Nor does it make others wait: of all who
        notify, PostgreSQL lets one commit at a time, and a commit with a row waits for the disk.
        """
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(f"BEGIN; {statement}; COMMIT; {HINT}", values)
                cursor.nextset()
                return cursor.fetchone()[0]  # type: ignore[no-any-return]
        except BaseException as error:
            with suppress(Error):
                self.connection.rollback()
            # It may be that nothing but the hint was lost.
            if isinstance(error, Error) and (at := self._created_at(row.id)):
                return at
            raise

    def _created_at(self, id: str) -> datetime | None:
        with suppress(Error):
            rows = self.model._default_manager.using(self.using).filter(pk=id)
            return rows.values_list("created_at", flat=True).first()
        return None

    # -- many --------------------------------------------------------------------------------------

    def _copy(self, rows: list[Row]) -> None:
        columns = {
            name: column
            for name, column in zip(Row._fields, zip(*rows, strict=True), strict=False)
            if column.count(None) < len(column)
        }
        lines = map("\t".join, zip(*map(copied, columns.values()), strict=False))
        statement = sql.ENQUEUE_MANY.format(columns=", ".join(columns))
        cursor = self.connection.cursor()
        with cursor, self.connection.wrap_database_errors, cursor.copy(statement) as copy:
            while block := list(islice(lines, ROWS_PER_WRITE)):
                copy.write("\n".join(block) + "\n")
        if any(row.due for row in rows):
            wake()

    # -- those that may meet one that waits --------------------------------------------------------

    def _meet(self, rows: list[Row], replacing: Set[str]) -> "Iterator[Job]":
        met: dict[tuple[str, str], Row] = {}
        for row in rows:
            first = met.setdefault(row.key(), row)
            if first is not row:
                met[row.key()] = first.met_by(row, replace=row.id in replacing)
        replaced = {row.key() for row in rows if row.id in replacing}
        # All in one order, or two callers with the same keys could wait for each other.
        jobs = self._unnest([met[key] for key in sorted(met)], replaced)
        if any(job.due for job in jobs):
            wake()
        found = {(job.type, job.unique_key or job.pk.hex): job for job in jobs}
        return (found[row.key()] for row in rows)

    def _unnest(self, rows: Sequence[Row], replaced: Set[tuple[str, str]]) -> "list[Job]":
        statement = sql.ENQUEUE.format(user=self._type_of_user_key())
        jobs: list[Job] = []
        left = iter(rows)
        # One statement is all or nothing by itself, and half as many round trips.
        several = len(rows) > ROWS_PER_INSERT
        with transaction.atomic(using=self.using) if several else nullcontext():
            while batch := list(islice(left, ROWS_PER_INSERT)):
                columns = [list(column) for column in zip(*batch, strict=True)]
                columns.append([row.key() in replaced for row in batch])
                jobs += self.model._default_manager.using(self.using).raw(statement, columns)
        return jobs

    def _type_of_user_key(self) -> str:
        return str(self.model._meta.get_field("user").rel_db_type(self.connection))


def copied(column: tuple[Any, ...]) -> Iterable[str]:
    """As COPY reads it."""
    if column.count(column[0]) == len(column):
        return repeat(copied_value(column[0]))
    return map(copied_value, column)


def copied_value(value: Any) -> str:
    if value is None:
        return "\\N"
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
