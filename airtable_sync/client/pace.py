"""How often a base is asked, by all workers together."""

from collections.abc import Callable

from airtable_sync.models import BasePace
from services.clock import Clock

# Seconds at most between a moment and its request. At 4 a second, six requests take 1.25 s from the
# first to the last, and Airtable refuses six within 1 s: the rest is for what the network adds.
LATE = 0.1
MOST_MISSED = 5


class SharedPace:
    """So many requests a second on one base, evenly."""

    def __init__(self, base: str, per_second: float, clock: Clock) -> None:
        self._base, self._gap, self._clock = base, 1 / per_second, clock
        self._missed = 0

    def wait(self, check: Callable[[], None]) -> None:
        """Until it is this worker's turn. `check` may raise, to end it."""
        check()
        while not self._is_our_turn():
            left = BasePace.seconds_left(self._base, at=self._clock.moment())
            self._clock.wait(left, check)

    def hold_off(self, seconds: float) -> None:
        """Nobody asks for so long."""
        BasePace.hold_off(self._base, seconds, at=self._clock.moment())

    def _is_our_turn(self) -> bool:
        asked = self._clock.now()
        taken = BasePace.take(self._base, self._gap, at=self._clock.moment())
        # A moment that was long in coming has gone.
        # Of a database that is always so slow, all moments come as late.
        in_time = self._clock.now() - asked <= LATE
        self._missed = 0 if in_time else self._missed + 1
        return taken and (in_time or self._missed > MOST_MISSED)
