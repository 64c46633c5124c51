"""Our queue, through the door that every application uses."""

import os
import sys
from secrets import token_urlsafe

import django

from bench.queue.errand import do

BYTES_AT_ONCE = 10_000_000


class Ours:
    def setup(self) -> None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)

    def enqueue(self, number: int) -> None:
        Job.objects.enqueue("bench_noop", {"i": number})

    def enqueue_many(self, numbers: list[int]) -> None:
        Job.objects.enqueue_many(NewJob(type="bench_noop", data={"i": i}) for i in numbers)

    def enqueue_texts(self, jobs: int, size: int) -> None:
        """Texts that do not shrink when they are compressed."""
        at_once = max(1, min(10_000, BYTES_AT_ONCE // size))
        for first in range(0, jobs, at_once):
            texts = (token_urlsafe(size)[:size] for _ in range(min(at_once, jobs - first)))
            Job.objects.enqueue_many(NewJob(type="bench_text", data={"text": one}) for one in texts)

    def enqueue_stamp(self, at: float) -> None:
        Job.objects.enqueue("bench_stamp", {"at": at})

    def work(self, how: str, workers: int) -> None:
        """Become the worker that everybody runs, for so many jobs if `how` is a number."""
        options = ["--slots", str(slots(workers))]
        options += ["--max-jobs", how] if how.isdigit() else []
        os.execv(sys.executable, [sys.executable, "manage.py", "run_jobs", *options])


def slots(workers: int) -> int:
    """Of each of so many workers: all of them together have a child for each core."""
    return max(1, (os.cpu_count() or 1) // workers)


if __name__ == "__main__":
    django.setup()
    from jobs.models import Job
    from jobs.models.manager import NewJob

    do(Ours())
