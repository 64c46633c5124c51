"""The only door into the queue."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from pydantic import BaseModel

from jobs.models.enqueued import Enqueued
from jobs.models.insertion import Insertion
from jobs.models.new_job import NewJob
from jobs.wake import database

if TYPE_CHECKING:
    from jobs.models import Job

__all__ = ["JobManager", "NewJob"]


class JobManager(models.Manager["Job"]):
    def get_queryset(self) -> "models.QuerySet[Job]":
        """The jobs as they are, never as a replica has them."""
        return super().get_queryset().using(self._db or database())

    def enqueue(self, type: str, data: Mapping[str, Any] | BaseModel, **options: Any) -> "Job":
        """Add a job in the caller's transaction; options are those of NewJob.

        Returns the job, or the one that waits under the same `unique_key`. Raises InvalidPayload,
        UnknownJobType, TooLarge, NotStorable or ValueError; then nothing was added.
        """
        return self.enqueue_many([NewJob(type=type, data=data, **options)])[0]

    def enqueue_many(self, new: Iterable[NewJob]) -> Enqueued:
        """Add many jobs, all or none; return them in the same order."""
        using = self._db or database()
        rows = [order.row() for order in new]
        jobs = Insertion(self.model, using).add(rows)
        # The job to wait for may have ended already, or end before this one can be seen.
        if parents := {row.blocked_by for row in rows if row.blocked_by}:
            transaction.on_commit(lambda: self.model.objects.settle(parents), using=using)
        return jobs
