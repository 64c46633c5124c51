"""The run: load and faults for so long, then quiet, then the count."""

import random
import time
from contextlib import suppress
from pathlib import Path

import psutil
from django.core.management import call_command
from django.db import connections

from config.postgres import Server
from jobs.models import Job
from tests.chaos.waiting import wait_until
from tests.soak.crew import Crew
from tests.soak.faults import Faults
from tests.soak.mix import Mix
from tests.soak.plans import Plan
from tests.soak.tally import Memory, Tally

TICK = 0.2
DRAIN_SECONDS = 180


class Soak:
    def __init__(self, server: Server, logs: Path, plan: Plan, seconds: int) -> None:
        call_command("migrate", verbosity=0)
        self.plan, self.seconds, self.chance = plan, seconds, random.Random()
        self.mix = Mix(plan.per_second, self.chance)
        self.crew = Crew(logs, plan.slots, self.chance)
        self.faults = Faults(server, self.crew, plan.faults, self.chance)
        self.memory = Memory()

    def run(self) -> int:
        """Return 1 if a promise was broken."""
        self.crew.begin()
        self.load()
        self.quieten()
        tally = Tally.of(self.plan, self.mix, self.crew, self.faults, self.memory)
        print("\n".join(tally.lines()))
        return 1 if tally.broken else 0

    def load(self) -> None:
        began = last = time.monotonic()
        fault_at = began + self.plan.between_faults[0]
        while (now := time.monotonic()) < began + self.seconds:
            self.mix.enqueue_for(now - last)
            last = now
            if now > fault_at:
                self.burst()
                self.faults.one()
                fault_at = time.monotonic() + self.chance.uniform(*self.plan.between_faults)
            self.crew.look_after()
            self.faults.look_after()
            if now > began + min(60, self.seconds / 3):
                self.memory.note(psutil.Process(self.crew.calm.pid).memory_info().rss)
            time.sleep(TICK)

    def burst(self) -> None:
        """Let the workers have their hands full, or nearly."""
        if self.plan.burst:
            self.mix.enqueue_burst(self.plan.burst)
            time.sleep(self.chance.uniform(0.1, 1))

    def quieten(self) -> None:
        """No more faults, no more jobs: what is there has to end."""
        self.faults.calm_down()
        self.crew.calm_down()
        left = Job.objects.filter(finished_at=None)
        with suppress(AssertionError):  # those that do not end are counted as lost
            wait_until(lambda: self.crew.look_after() or not left.exists(), seconds=DRAIN_SECONDS)

    def end(self) -> None:
        self.crew.end()
        connections.close_all()
