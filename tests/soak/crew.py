"""The workers: a few that anything may happen to, and one that is left alone."""

import random
import signal
import time
from itertools import count
from pathlib import Path

import psutil

from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker, is_there

VICTIMS = 3
GRACE = 2
LONGEST_END = GRACE + 8  # seconds from SIGTERM to the end, the database being away meanwhile


class Crew:
    def __init__(self, logs: Path, slots: int, chance: random.Random) -> None:
        self.logs, self.slots, self.chance = logs, slots, chance
        self.numbers = count()
        self.all: list[Worker] = []
        self.stopped: dict[Worker, float] = {}  # until when
        self.ending: dict[Worker, float] = {}  # by when
        self.wrong_ends: list[str] = []

    def begin(self) -> None:
        self.calm = self.start()
        self.victims = [self.start() for _ in range(VICTIMS)]
        for worker in self.all:
            worker.ready()

    def start(self) -> Worker:
        log = self.logs / f"{next(self.numbers)}.log"
        worker = Worker(log, "--slots", self.slots, "--grace", GRACE)
        self.all.append(worker)
        return worker

    def anyone(self) -> Worker:
        """One of the victims to which nothing is happening at the moment."""
        busy = self.stopped.keys() | self.ending.keys()
        return self.chance.choice([worker for worker in self.victims if worker not in busy])

    def replace(self, worker: Worker) -> None:
        self.victims[self.victims.index(worker)] = self.start()

    def child_of(self, worker: Worker) -> psutil.Process | None:
        """One of its children; the guard is the first that it starts."""
        born = psutil.Process(worker.pid).children()
        children = sorted(born, key=lambda process: process.create_time())[1:]
        return self.chance.choice(children) if children else None

    def look_after(self) -> None:
        """Resume those whose time has come, and replace those that were told to end."""
        now = time.monotonic()
        for worker in [worker for worker, until in self.stopped.items() if now > until]:
            self.resume(worker)
        for worker, within in list(self.ending.items()):
            if worker.ended:
                self.see_off(worker, "" if worker.process.returncode == 0 else "with an error")
            elif now > within:
                self.see_off(worker, "too late")
        for worker in (self.calm, *self.victims):
            if worker.ended and worker not in self.ending:
                raise RuntimeError(f"A worker ended by itself:\n{worker.text[-2000:]}")
            worker.family()

    def resume(self, worker: Worker) -> None:
        del self.stopped[worker]
        worker.signal(signal.SIGCONT)

    def see_off(self, worker: Worker, wrong: str) -> None:
        del self.ending[worker]
        self.replace(worker)
        if wrong:
            self.wrong_ends.append(f"ended {wrong}: {worker.text[-500:]}")

    def calm_down(self) -> None:
        """Nothing more happens to anybody."""
        for worker in list(self.stopped):
            self.resume(worker)
        wait_until(lambda: self.look_after() or not self.ending)

    def left_over(self) -> int:
        """How many processes outlive the workers, once these have been told to end."""
        for worker in (self.calm, *self.victims):
            worker.stop()
        families = set().union(*(worker.seen for worker in self.all))
        give_up = time.monotonic() + 3
        while any(map(is_there, families)) and time.monotonic() < give_up:
            time.sleep(0.05)
        return sum(map(is_there, families))

    def said(self, words: str) -> int:
        """How often the workers have logged this."""
        return sum(worker.text.count(words) for worker in self.all)

    def end(self) -> None:
        for worker in self.all:
            worker.end()
