"""A running worker, as the database knows it."""

import os
import socket
from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.models.functions import Now

from jobs import sql
from jobs.conf import conf
from jobs.wake import database


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> Self:
        return self.filter(alive_until__gt=Now())

    def bury(self) -> int:
        """Forget the workers who have died; their jobs are then held by nobody. Return how many.

        A row that is being prolonged right now is locked, therefore skipped.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql.BURY)
            return len(cursor.fetchall())


class WorkerManager(models.Manager["Worker"]):
    def get_queryset(self) -> WorkerQuerySet:
        """The workers as they are, never as a replica has them."""
        return WorkerQuerySet(self.model, using=self._db or database())


class Worker(models.Model):
    """One `run_jobs`. While its row is here, only it may write to the jobs it holds."""

    name = models.CharField(max_length=200)  # host:pid
    slots = models.PositiveSmallIntegerField()
    types = ArrayField(models.CharField(max_length=100))
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    alive_until = models.DateTimeField()
    # The jobs whose handlers have begun, as far as it has said so: if it dies, these have crashed.
    running = ArrayField(models.UUIDField(), default=list)

    objects = WorkerManager.from_queryset(WorkerQuerySet)()

    class Meta:
        db_table = "job_workers"

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def enlist(*, slots: int, types: Iterable[str]) -> "Worker":
        name = f"{socket.gethostname()}:{os.getpid()}"
        return Worker.objects.create(
            name=name[-200:], slots=slots, types=list(types), alive_until=Now() + conf().alive_for
        )
