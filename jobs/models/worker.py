"""A running worker, as the database knows it."""

import os
import socket
from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Now

from jobs.conf import conf


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> Self:
        return self.filter(alive_until__gt=Now())

    def bury(self) -> int:
        """Forget the workers whose lease has lapsed; their jobs are then held by nobody.

        A row that is being renewed right now is locked, therefore skipped.
        """
        lapsed = self.filter(alive_until__lte=Now()).select_for_update(skip_locked=True)
        with transaction.atomic(using=self.db):
            ids = list(lapsed.values_list("pk", flat=True))
            return self.filter(pk__in=ids).delete()[0] if ids else 0


class Worker(models.Model):
    """One `run_jobs`. While its row is here, only it may write to the jobs it holds."""

    name = models.CharField(max_length=200)  # host:pid
    slots = models.PositiveSmallIntegerField()
    types = ArrayField(models.CharField(max_length=100))
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    alive_until = models.DateTimeField()

    objects = WorkerQuerySet.as_manager()

    class Meta:
        db_table = "job_workers"

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def enlist(*, slots: int, types: Iterable[str]) -> "Worker":
        name = f"{socket.gethostname()}:{os.getpid()}"
        return Worker.objects.create(
            name=name[-200:], slots=slots, types=list(types), alive_until=Now() + conf().lease
        )
