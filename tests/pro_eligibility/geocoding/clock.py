"""A clock that only goes on when somebody waits, or looks at it."""

from services.clock import VirtualClock

TODAY = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


class FakeClock(VirtualClock):
    """`tick`: seconds that go by at each look."""

    def __init__(self, tick: float = 0) -> None:
        super().__init__(TODAY)
        self.slept: list[float] = []
        self._tick = tick

    def now(self) -> float:
        super().sleep(self._tick)
        return super().now()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        super().sleep(seconds)

    @property
    def waited(self) -> float:
        return round(sum(self.slept), 3)
