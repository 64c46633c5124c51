"""Virtual time for several workers at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import TypeVar

from services.clock import VirtualClock

STANDSTILL = 60  # seconds on the wall

Got = TypeVar("Got")


class SharedClock(VirtualClock):
    """One that goes on only while all workers wait, to the moment at which the first one goes on.

    What they do in between takes no time, however long this machine is at it: `now` and `moment`
    stand still for all of them until the last one waits.

    `VirtualClock.sleep` alone would not do, since each wait moves the time of all: three workers
    that wait for the same quarter of a second would make three quarters of it. Then requests would
    seem further apart than they are, and a limit would seem to be kept that is not.
    """

    def __init__(self) -> None:
        super().__init__()
        self._workers = 1
        self._ends: list[float] = []  # of the waits that go on
        self._moved = Condition()

    def at_once(self, acts: Sequence[Callable[[], Got]]) -> list[Got]:
        """What each of them returns, done by a worker of its own from this moment on."""
        self._workers = len(acts)
        with ThreadPoolExecutor(len(acts)) as pool:
            done = [pool.submit(self._work, act) for act in acts]
        self._workers = 1
        return [one.result() for one in done]

    def sleep(self, seconds: float) -> None:
        with self._moved:
            if (end := self._now + seconds) <= self._now:
                return
            self._ends.append(end)
            self._go_on()
            if not self._moved.wait_for(lambda: self._now >= end, STANDSTILL):
                raise RuntimeError(
                    "Time stands still: a worker is neither done nor waiting by this clock. "
                    "Does it wait for something that one of the others holds while it sleeps?"
                )

    def _work(self, act: Callable[[], Got]) -> Got:
        try:
            return act()
        finally:
            with self._moved:
                self._workers -= 1
                self._go_on()

    def _go_on(self) -> None:
        if self._ends and len(self._ends) == self._workers:
            self._now = min(self._ends)
            # They count as at work from now on, not only once they have noticed.
            self._ends = [end for end in self._ends if end > self._now]
            self._moved.notify_all()
