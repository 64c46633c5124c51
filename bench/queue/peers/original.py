"""The original's algorithm: one job after another, each claimed in a transaction of its own."""

import time
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from bench.queue.errand import do, stamp
from bench.queue.peers.plain_django import start

PAUSE = 5  # seconds, after it found nothing

start()


class Job(models.Model):
    type = models.CharField(max_length=100)
    status = models.CharField(max_length=20, default="pending")
    data = models.JSONField()
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: models.Manager[Any]

    class Meta:
        app_label = "original"
        db_table = "jobs"
        # The original has none, and reads the whole table for each claim.
        indexes = [models.Index(fields=["status", "created_at"], name="jobs_status")]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class Original:
    def setup(self) -> None:
        with connection.schema_editor() as schema:
            schema.create_model(Job)

    def enqueue(self, number: int) -> None:
        Job.objects.create(type="noop", data={"i": number})

    def enqueue_many(self, numbers: list[int]) -> None:
        Job.objects.bulk_create(Job(type="noop", data={"i": number}) for number in numbers)

    def enqueue_stamp(self, at: float) -> None:
        Job.objects.create(type="stamp", data={"at": at})

    def work(self, how: str, workers: int) -> None:
        while True:
            if job := claimed():
                run(job)
            else:
                time.sleep(PAUSE)


@transaction.atomic
def claimed() -> Job | None:
    pending = Job.objects.select_for_update(skip_locked=True).filter(status="pending")
    job: Job | None = pending.order_by("created_at").first()
    if job:
        job.status = "processing"
        job.save(update_fields=["status", "updated_at"])
    return job


def run(job: Job) -> None:
    if "at" in job.data:
        stamp(job.data["at"])
    job.status, job.result, job.updated_at = "finished", {"ok": True}, timezone.now()
    job.save(update_fields=["status", "result", "updated_at"])


if __name__ == "__main__":
    do(Original())
