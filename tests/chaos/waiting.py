"""Waiting for something to come true, never just for time to pass."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait_until(condition: Callable[[], Found], *, seconds: float = 30, what: str = "") -> Found:
    """What the condition returned when it was first true; it has to be within so many seconds."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < give_up, f"{what or condition}: not within {seconds} s"
        time.sleep(0.02)
    return found


def stays(condition: Callable[[], object], *, seconds: float, what: str = "") -> None:
    """It is true now and at every look for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert condition(), f"{what or condition}: no longer true"
        time.sleep(0.05)
