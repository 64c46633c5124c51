"""What was claimed and no child has yet, and which child is to have it."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from math import inf

from jobs.worker.held import Held
from jobs.worker.pace import LONG, Pace
from jobs.worker.pool import Slot


class Backlog:
    """Short jobs are given to a child several at a time; all others wait for one that is free."""

    def __init__(self, slots: Callable[[], Iterable[Slot]]) -> None:
        self._slots = slots
        self.jobs: deque[Held] = deque()
        self.pace = Pace()
        self.overdue_at = inf  # by time.monotonic(): when the first has waited for too long

    def room(self) -> int:
        """How many jobs may be claimed now."""
        return max(0, sum(map(self._room_of, self._slots())) - len(self.jobs))

    def free(self) -> int:
        """How many children have nothing to do."""
        return sum(takes_more(slot) and not slot.given for slot in self._slots())

    def can_wait(self) -> float:
        """The seconds until the first child has only half of what it may have."""
        half = self.pace.at_once / 2
        fewest = min((len(slot.given) for slot in self._slots()), default=0)
        return self.pace.seconds(fewest - half)

    def add(self, claimed: Iterable[Held]) -> None:
        self.jobs.extend(claimed)

    def put_back(self, taken: Iterable[Held]) -> None:
        """What a child had not begun goes before what none has had yet."""
        self.jobs.extendleft(reversed(list(taken)))

    def hand_out(self) -> list[Held]:
        """Give the children what they can have, in the order of the claim; return that."""
        if not self.jobs:
            return []
        given, slots = [], [slot for slot in self._slots() if takes_more(slot)]
        while self.jobs and (slot := self._slot_for(self.jobs[0], slots)):
            if not slot.give(self.jobs[0]):
                break
            given.append(self.jobs.popleft())
            if not takes_more(slot):
                slots.remove(slot)
        if not self.jobs:
            self.overdue_at = inf
        elif self.overdue_at == inf or given:
            self.overdue_at = time.monotonic() + LONG
        return given

    def take_all(self) -> list[Held]:
        """Nobody here will run them."""
        taken = list(self.jobs)
        self.jobs.clear()
        self.overdue_at = inf
        return taken

    def _room_of(self, slot: Slot) -> int:
        if not takes_more(slot):
            return 0
        return max(0, self.pace.at_once - len(slot.given))

    def _slot_for(self, held: Held, slots: Sequence[Slot]) -> Slot | None:
        """One that is free; or else, for a short job, the one with the fewest before it."""
        if not slots:
            return None
        best = min(slots, key=lambda slot: len(slot.given)) if len(slots) > 1 else slots[0]
        if not best.given:
            return best
        return best if self.may_wait(held) and len(best.given) < self.pace.at_once else None

    def may_wait(self, held: Held) -> bool:
        """Whether it may be given to a child that has others to run first."""
        return not held.is_suspect and self.pace.is_short(held.type)


def takes_more(slot: Slot) -> bool:
    """Whether what it runs is to be followed by something else."""
    if slot.is_worn or slot.was_asked:
        return False
    job = slot.job
    return job is None or not (job.is_suspect or is_long(slot))


def is_long(slot: Slot) -> bool:
    """Whether what it runs turns out to be no short job."""
    return time.monotonic() - slot.began > LONG
