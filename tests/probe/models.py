from typing import Any

from django.db import models


class Execution(models.Model):
    """One run of a probe job: who ran it and when. `ended_at` stays null if it was cut short."""

    job = models.UUIDField()
    lease = models.IntegerField()
    pid = models.IntegerField()
    subprocess = models.IntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Whether a process of an earlier run of the job was still there when this one started.
    overlapped = models.BooleanField()

    objects: models.Manager[Any]
