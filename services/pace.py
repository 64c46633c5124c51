"""How often a service is asked."""

from collections.abc import Callable

from services.clock import Clock


class Pace:
    """So many requests a second, evenly."""

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._gap, self._clock = 1 / per_second, clock
        self._next = clock.now()

    def wait(self, check: Callable[[], None]) -> None:
        self._clock.wait(self._next - self._clock.now(), check)
        self._next = max(self._next, self._clock.now()) + self._gap
