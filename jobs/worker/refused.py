"""Outcomes that could not be written, mostly because somebody else has the row locked."""

import math
import time
from collections.abc import Iterable

from jobs.worker.held import Held

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 0.8  # seconds


class Refused:
    """They alone wait, and nothing else waits for them."""

    def __init__(self) -> None:
        self.these: set[Held] = set()
        self.retry_at, self.pause = math.inf, FIRST_PAUSE  # by time.monotonic(), and seconds

    def __contains__(self, held: Held) -> bool:
        return held in self.these

    def add(self, held: Iterable[Held]) -> None:
        self.these.update(held)

    def forget(self) -> None:
        self.these.clear()

    def forget_if_due(self) -> bool:
        """Whether their time has come: then they are tried again with all else."""
        if is_due := time.monotonic() >= self.retry_at:
            self.forget()
        return is_due

    def set_aside(self) -> None:
        """Try them again after a pause, and after a longer one each time."""
        now = time.monotonic()
        if not self.these:
            self.retry_at, self.pause = math.inf, FIRST_PAUSE
        elif not now < self.retry_at < math.inf:
            self.retry_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
