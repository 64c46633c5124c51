"""Time that is given."""

from datetime import UTC, datetime

import pytest

from services.clock import Clock, VirtualClock
from services.pace import Pace


class Cancelled(Exception):
    """As a job raises it that is to end."""


def nothing() -> None:
    """Nobody wants to end a wait."""


def test_virtual_time_goes_on_only_when_somebody_sleeps():
    clock = VirtualClock(start=datetime(2027, 1, 15, 8, tzinfo=UTC).timestamp())

    clock.sleep(90)

    assert clock.now() == 90
    assert clock.moment() == datetime(2027, 1, 15, 8, 1, 30, tzinfo=UTC)


def test_the_clock_on_the_wall_leaves_it_to_the_database_which_moment_it_is():
    assert Clock().moment() is None


def test_a_wait_takes_as_long_as_it_should():
    clock = VirtualClock()

    clock.wait(1.3, nothing)

    assert clock.now() == pytest.approx(1.3)


def test_a_wait_is_looked_into_twice_a_second():
    clock = VirtualClock()

    def check():
        if clock.now() >= 60:
            raise Cancelled

    with pytest.raises(Cancelled):
        clock.wait(1_000, check)

    assert clock.now() == 60


def test_requests_are_spread_evenly():
    clock = VirtualClock()
    pace = Pace(5, clock)

    for _ in range(11):
        pace.wait(nothing)

    assert clock.now() == pytest.approx(2)
