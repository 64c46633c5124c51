"""A clock that only goes on when somebody waits, or looks at it."""

from pro_eligibility.geocoding.clock import Clock

TODAY = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


class FakeClock(Clock):
    """`tick`: seconds that go by at each look."""

    def __init__(self, tick: float = 0) -> None:
        self.slept: list[float] = []
        self._now, self._tick = 0.0, tick

    def now(self) -> float:
        self._now += self._tick
        return self._now

    def date(self) -> float:
        return TODAY + self._now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += seconds

    @property
    def waited(self) -> float:
        return round(sum(self.slept), 3)
