"""How a run of a job ended, when it did not return."""

import traceback as tb
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from jobs.content import printable

Kind = Literal[
    "exception",
    "timeout",
    "crashed",
    "cancelled",
    "superseded",
    "invalid_payload",
    "unknown_type",
    "blocked",
]
LONGEST_MESSAGE, LONGEST_TRACEBACK = 10_000, 50_000  # characters kept


@dataclass(frozen=True)
class Failure:
    """What becomes the job's `error`."""

    kind: Kind
    message: str
    traceback: str = ""
    # Whether another attempt may help, if the job has one left, and how long it waits: as the
    # type's back-off says, or None where nobody asked it.
    repeatable: bool = False
    wait: timedelta | None = None
    # Whether a SIGTERM to something that the handler started caused it. If the worker stops, it was
    # sent to all of its processes, and the job has done nothing wrong.
    by_sigterm: bool = False
    # The last lines that the attempt logged.
    log: tuple[str, ...] = ()

    @classmethod
    def of(cls, error: BaseException, *, repeatable: bool) -> "Failure":
        return cls("exception", describe(error), traceback_of(error), repeatable)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "message": printable(self.message)[:LONGEST_MESSAGE],
            "traceback": printable(self.traceback)[-LONGEST_TRACEBACK:],
        }

    def as_entry(self) -> dict[str, Any]:
        """The same with what the attempt logged, for the job's `errors`."""
        return self.as_json() | {"log": [printable(line) for line in self.log]}


CANCELLED = Failure("cancelled", "It was cancelled.")


@dataclass(frozen=True)
class PutBack:
    """The job was not run: it is to be tried again after a while, as if it had not been claimed."""

    wait: timedelta
    reason: str


def describe(error: BaseException) -> str:
    """'ValueError: no such source', even of an exception that cannot be printed."""
    name = type(error).__name__
    try:
        message = str(error)
        return f"{name}: {message}" if message else name
    except BaseException as why:
        return f"{name}: (its message cannot be shown: {type(why).__name__})"


def traceback_of(error: BaseException) -> str:
    """As Python shows it, or as much of it as can be shown."""
    for shown in (tb.format_exception, frames_of):
        with suppress(BaseException):
            return "".join(shown(error))
    return ""


def frames_of(error: BaseException) -> list[str]:
    # By the attribute itself, which a class of the project may have hidden.
    return tb.format_tb(vars(BaseException)["__traceback__"].__get__(error))
