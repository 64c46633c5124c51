"""Time as a client sees it: given, so that tests need none."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

SLICE = 0.5  # seconds that a wait goes on before somebody may stop it


class Clock:
    """The one on the wall."""

    def now(self) -> float:
        """In seconds, never going back."""
        return time.monotonic()

    def date(self) -> float:
        """In seconds since 1970."""
        return time.time()

    def moment(self) -> datetime | None:
        """For what all workers must agree on; None: ask the database, whose clock they share."""
        return None

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait(self, seconds: float, check: Callable[[], None]) -> None:
        """`check` may raise, to end it."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            check()
            self.sleep(min(left, SLICE))


class VirtualClock(Clock):
    """One that goes on only when somebody sleeps: hours of waiting, measured in none."""

    def __init__(self, start: float = 1_800_000_000) -> None:
        self._start, self._now, self._lock = start, 0.0, Lock()

    def now(self) -> float:
        return self._now

    def date(self) -> float:
        return self._start + self._now

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.date(), UTC)

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds
