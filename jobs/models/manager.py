"""The only door into the queue."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connections, models, transaction
from django.utils import timezone
from pydantic import BaseModel
from uuid_utils.compat import uuid7

from jobs import sql
from jobs.content import storable
from jobs.registry import job_types
from jobs.wake import wake

if TYPE_CHECKING:
    from jobs.models import Job

ROWS_PER_INSERT = 2_000
LONGEST_KEY = 200


@dataclass(frozen=True, kw_only=True)
class NewJob:
    """A job to enqueue; the arguments of `enqueue`, for `enqueue_many`.

    `data` must fit the payload of its type. `run_at` is the earliest start. A larger `priority`
    (-100…100) goes first. Of all jobs with one `unique_key`, one waits at most. `after` is a job
    that has to finish first.
    """

    type: str
    data: Mapping[str, Any] | BaseModel
    user: models.Model | None = None
    entity_id: UUID | None = None
    run_at: datetime | None = None
    priority: int = 0
    unique_key: str = ""
    after: "Job | None" = None

    def __post_init__(self) -> None:
        if not -100 <= self.priority <= 100:
            raise ValueError(f"{self.type}: priority is {self.priority}; give -100 to 100.")
        if len(self.unique_key) > LONGEST_KEY or "\x00" in self.unique_key:
            raise ValueError(
                f"{self.type}: unique_key is {self.unique_key!r:.50}; "
                f"give at most {LONGEST_KEY} characters, none of them NUL."
            )
        if self.run_at is not None and timezone.is_naive(self.run_at):
            raise ValueError(f"{self.type}: run_at is {self.run_at}; give it a time zone.")

    def row(self) -> tuple[Any, ...]:
        """The values of sql.ENQUEUE, once the data is seen to fit."""
        job_type = job_types[self.type]
        data = self.data.model_dump() if isinstance(self.data, BaseModel) else self.data
        payload = storable(f"{self.type}: data", job_type.validate(data))
        return (
            uuid7(),
            self.type,
            sql.as_json(payload),
            self.user.pk if self.user else None,
            self.entity_id,
            self.priority,
            self.run_at,
            self.after is None and (self.run_at is None or self.run_at <= timezone.now()),
            self.unique_key,
            self.after.pk if self.after else None,
            job_type.max_attempts,
        )


class JobManager(models.Manager["Job"]):
    def enqueue(self, type: str, data: Mapping[str, Any] | BaseModel, **options: Any) -> "Job":
        """Add a job in the caller's transaction; options are those of NewJob.

        Returns the job, or the one that waits under the same `unique_key`. Raises InvalidPayload,
        UnknownJobType, TooLarge, NotStorable or ValueError; then nothing was added.
        """
        return self.enqueue_many([NewJob(type=type, data=data, **options)])[0]

    def enqueue_many(self, new: Iterable[NewJob]) -> list["Job"]:
        """Add many jobs, all or none; return them in the same order."""
        orders = list(new)
        rows = [order.row() for order in orders]
        by_key: dict[str, tuple[Any, ...]] = {}
        unique = [row for row in rows if not row[8] or by_key.setdefault(row[8], row) is row]
        # All in one order, or two callers with the same keys could wait for each other.
        unique.sort(key=lambda row: row[8])
        # One statement is all or nothing by itself, and half as many round trips.
        several = len(unique) > ROWS_PER_INSERT
        with transaction.atomic(using=self.db) if several else nullcontext():
            jobs = self._insert(unique)
        self._announce(orders, jobs)
        found = {job.unique_key or job.pk: job for job in jobs}
        return [found[row[8] or row[0]] for row in rows]

    def _insert(self, rows: list[tuple[Any, ...]]) -> list["Job"]:
        jobs: list[Job] = []
        left = iter(rows)
        while batch := list(islice(left, ROWS_PER_INSERT)):
            columns = [list(column) for column in zip(*batch, strict=True)]
            jobs += self.raw(sql.ENQUEUE.format(user=self._type_of_user_key()), columns)
        return jobs

    def _type_of_user_key(self) -> str:
        field = self.model._meta.get_field("user")
        return str(field.rel_db_type(connections[self.db]))

    def _announce(self, orders: list[NewJob], jobs: list["Job"]) -> None:
        if any(job.due for job in jobs):
            wake()
        # The job to wait for may have ended already, or end before this one can be seen.
        if parents := {order.after.pk for order in orders if order.after}:
            transaction.on_commit(lambda: self.model.objects.settle(parents), using=self.db)
