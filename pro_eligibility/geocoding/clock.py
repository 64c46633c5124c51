"""Time as the client sees it: given, so that tests need none."""

import time
from collections.abc import Callable

SLICE = 0.5  # seconds that a wait goes on before somebody may stop it


class Clock:
    """The one on the wall."""

    def now(self) -> float:
        """In seconds, never going back."""
        return time.monotonic()

    def date(self) -> float:
        """In seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait(self, seconds: float, check: Callable[[], None]) -> None:
        """`check` may raise, to end it."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            check()
            self.sleep(min(left, SLICE))


class Pace:
    """So many requests a second, evenly."""

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._gap, self._clock = 1 / per_second, clock
        self._next = clock.now()

    def wait(self, check: Callable[[], None]) -> None:
        self._clock.wait(self._next - self._clock.now(), check)
        self._next = max(self._next, self._clock.now()) + self._gap
