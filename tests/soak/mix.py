"""The steady mix of jobs."""

import random
from collections import defaultdict
from uuid import UUID

from django.db import transaction

from jobs.models import Job
from tests.chaos.probes import enqueue, enqueue_many


class Mix:
    """Enqueues, and remembers what it has enqueued: `jobs` by kind."""

    def __init__(self, per_second: dict[str, float], chance: random.Random) -> None:
        self.per_second, self.chance = per_second, chance
        self.jobs: dict[str, set[UUID]] = defaultdict(set)
        self.met_a_twin = 0

    def enqueue_for(self, seconds: float) -> None:
        """What comes in so many seconds, in one transaction."""
        with transaction.atomic():
            for kind, rate in self.per_second.items():
                whole, rest = divmod(rate * seconds, 1)
                for _ in range(int(whole) + (self.chance.random() < rest)):
                    self.note(kind, *getattr(self, kind)())

    def enqueue_burst(self, count: int) -> None:
        self.note("burst", *enqueue_many(count, "noop"))

    def note(self, kind: str, *jobs: Job) -> None:
        for job in jobs:
            self.met_a_twin += job.pk in self.jobs[kind]
            self.jobs[kind].add(job.pk)

    def short(self) -> list[Job]:
        return [enqueue("steady", {"seconds": self.chance.uniform(0, 0.2)})]

    def progress(self) -> list[Job]:
        return [enqueue("steady", {"seconds": 2, "steps": 10})]

    def long(self) -> list[Job]:
        """Some outlast a lease, so that they would overlap if they outlived their worker."""
        helped, seconds = self.chance.random() < 0.3, self.chance.choice([3, 8, 25])
        return [enqueue("steady", {"seconds": seconds, "subprocess": helped})]

    def atomic(self) -> list[Job]:
        return [enqueue("steady_atomic", {"seconds": self.chance.uniform(0, 0.3)})]

    def failing(self) -> list[Job]:
        """It fails three times of three."""
        return [enqueue("again", {"error": "ValueError"})]

    def unique_key(self) -> list[Job]:
        key = f"key {self.chance.randrange(3)}"
        return [enqueue("steady", {"seconds": 1}, unique_key=key)]

    def after(self) -> list[Job]:
        first = enqueue("steady", {"seconds": 0.5})
        return [first, enqueue("steady", after=first)]
