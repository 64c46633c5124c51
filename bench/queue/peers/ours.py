"""Our queue, through the door that every application uses."""

import os
import sys

import django

from bench.queue.errand import do

SLOTS = {1: 2, 2: 1}  # of each worker, by how many there are


class Ours:
    def setup(self) -> None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)

    def enqueue(self, number: int) -> None:
        Job.objects.enqueue("bench_noop", {"i": number})

    def enqueue_many(self, numbers: list[int]) -> None:
        Job.objects.enqueue_many(NewJob(type="bench_noop", data={"i": i}) for i in numbers)

    def enqueue_stamp(self, at: float) -> None:
        Job.objects.enqueue("bench_stamp", {"at": at})

    def work(self, how: str, workers: int) -> None:
        """Become the worker that everybody runs, for so many jobs if `how` is a number."""
        options = ["--slots", str(SLOTS[workers])]
        options += ["--max-jobs", how] if how.isdigit() else []
        os.execv(sys.executable, [sys.executable, "manage.py", "run_jobs", *options])


if __name__ == "__main__":
    django.setup()
    from jobs.models import Job
    from jobs.models.manager import NewJob

    do(Ours())
