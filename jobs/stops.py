"""How a running handler is asked to stop."""

from typing import Literal

Reason = Literal["timeout", "cancelled"]


class Stopped(KeyboardInterrupt):
    """Raised inside a handler that is to stop.

    A KeyboardInterrupt, because `except Exception` lets it through and because psycopg then
    cancels the statement that is under way and leaves the connection usable.
    """


class TimedOut(Stopped):
    """The job is out of time."""


class Cancelled(Stopped):
    """Somebody cancelled the job."""


EXCEPTIONS: dict[Reason, type[Stopped]] = {"timeout": TimedOut, "cancelled": Cancelled}


class Stop:
    """Whether the current job was asked to stop, and why."""

    def __init__(self) -> None:
        self.reason: Reason | None = None

    def check(self) -> None:
        if self.reason is not None:
            raise EXCEPTIONS[self.reason]
