"""How a run of a job ended, when it did not return."""

import traceback as tb
from dataclasses import dataclass
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
    # Whether another attempt may help, if the job has one left.
    repeatable: bool = False
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


def describe(error: BaseException) -> str:
    """'ValueError: no such source', even of an exception that cannot be printed."""
    name = type(error).__name__
    try:
        message = str(error)
    except Exception as why:
        message = f"(its message cannot be shown: {type(why).__name__})"
    return f"{name}: {message}" if message else name


def traceback_of(error: BaseException) -> str:
    try:
        return "".join(tb.format_exception(error))
    except Exception:
        return "".join(tb.format_tb(error.__traceback__))
