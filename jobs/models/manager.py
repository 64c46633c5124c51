"""The only door into the queue."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.db import models
from pydantic import BaseModel

from jobs.errors import UnknownOption
from jobs.models.enqueued import Enqueued
from jobs.models.insertion import Insertion
from jobs.models.new_job import OPTIONS, NewJob
from jobs.wake import after_commit, database

if TYPE_CHECKING:
    from jobs.models import Job

__all__ = ["JobManager", "NewJob"]


class JobManager(models.Manager["Job"]):
    def get_queryset(self) -> "models.QuerySet[Job]":
        """The jobs as they are, never as a replica has them."""
        return super().get_queryset().using(self._db or database())

    def enqueue(
        self, type: str, data: Mapping[str, Any] | BaseModel | None = None, **options: Any
    ) -> "Job":
        """Add a job in the caller's transaction; options are those of NewJob.

        Returns the job, or the one of its type that waits under the same `unique_key`. Raises
        InvalidPayload, UnknownJobType, InvalidOption, UnknownOption, TooLarge or NotStorable; then
        nothing was added.
        """
        if unknown := options.keys() - OPTIONS:
            raise UnknownOption("enqueue", type, unknown, OPTIONS)
        return self.enqueue_many([NewJob(type=type, data=data, **options)])[0]

    async def aenqueue(
        self, type: str, data: Mapping[str, Any] | BaseModel | None = None, **options: Any
    ) -> "Job":
        """Do what `enqueue` does, where one may not wait."""
        return await sync_to_async(self.enqueue)(type, data, **options)

    def enqueue_many(self, new: Iterable[NewJob]) -> Enqueued:
        """Add many jobs, all or none; return them in the same order."""
        using = self._db or database()
        rows, replacing = [], set()
        for order in new:
            rows.append(row := order.row())
            if order.replace:
                replacing.add(row.id)
        jobs = Insertion(self.model, using).add(rows, replacing)
        # The job to wait for may have ended already, or end before this one can be seen.
        if parents := {row.blocked_by for row in rows if row.blocked_by}:
            after_commit(lambda: self.model.objects.settle(parents), using)
        return jobs
