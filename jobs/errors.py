"""What can be wrong with a request. Each message says what was given and what to do."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError


class JobError(Exception):
    """Base of everything the queue refuses."""


class AlreadyRegistered(JobError):
    """Two apps want to handle one type of job."""

    def __init__(self, name: str, handler: Any, other: Any) -> None:
        super().__init__(
            f"Job type {name!r} is handled by {path(other)} already; "
            f"{path(handler)} needs another name."
        )


class UnknownJobType(JobError, LookupError):
    """No installed app handles this type of job."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = ", ".join(sorted(known)) or "none"
        super().__init__(f"No handler for job type {name!r}. Registered: {names}.")


class UnknownOption(JobError, TypeError):
    """There is no such option."""

    def __init__(self, verb: str, type: Any, unknown: Iterable[str], takes: Iterable[str]) -> None:
        names = ", ".join(sorted(unknown))
        super().__init__(f"{type}: unknown option {names}; {verb} takes {', '.join(takes)}.")


class InvalidOption(JobError, TypeError, ValueError):
    """An option is not what it takes: of another type, or out of its range."""

    def __init__(self, type: Any, option: str, given: object, takes: str) -> None:
        shown = str(given) if isinstance(given, datetime | timedelta) else repr(given)
        super().__init__(f"{type}: {option} is {shown:.100}; give {takes}.")


class UnusableModel(JobError, TypeError, ValueError):
    """What is stored of a payload or a result could never be read as it was given."""

    def __init__(self, type: str, reasons: Iterable[str]) -> None:
        super().__init__(f"{type}: {'; '.join(reasons)}.")


class InvalidPayload(JobError, ValueError):
    """The data does not fit the payload of its type.

    `fields` maps each field's name to what is wrong with it. `only_unknown` tells that there are
    merely fields too many: of a newer release, it may be.
    """

    def __init__(self, type: str, fields: dict[str, str], *, only_unknown: bool = False) -> None:
        self.fields, self.only_unknown = fields, only_unknown
        reasons = "; ".join(f"{name}: {reason}" for name, reason in fields.items())
        super().__init__(f"{type}: {reasons}.")

    @classmethod
    def of(
        cls,
        type: str,
        error: ValidationError,
        takes: Iterable[str],
        *,
        only_unknown: bool = False,
    ) -> "InvalidPayload":
        return cls(type, dict(explain(error, takes)), only_unknown=only_unknown)


class TooLarge(JobError, ValueError):
    """Data or a result over the limit."""

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__(
            f"{what} is {size:,} bytes of JSON; the limit is {limit:,}. "
            "Keep large content in a table of its own and pass its id."
        )


class NotStorable(JobError, ValueError):
    """Data or a result that PostgreSQL's jsonb cannot hold."""

    def __init__(self, what: str, reason: object) -> None:
        super().__init__(f"{what} cannot be stored as JSON: {reason}.")


class WrongState(JobError):
    """The job is not in a state that allows this."""

    def __init__(self, id: UUID, status: str, verb: str, needed: str) -> None:
        self.status = status
        super().__init__(f"Job {id} is {status}; only a job that is {needed} can be {verb}.")


class JobLocked(JobError):
    """Another transaction has the row locked: try again."""

    def __init__(self, id: UUID) -> None:
        super().__init__(f"Job {id} is locked by another transaction; try again.")


def path(thing: Any) -> str:
    return (
        f"{thing.__module__}.{thing.__qualname__}"
        if hasattr(thing, "__qualname__")
        else repr(thing)
    )


def explain(error: ValidationError, takes: Iterable[str]) -> Iterable[tuple[str, str]]:
    for problem in error.errors(include_url=False):
        name = ".".join(map(str, problem["loc"])) or "data"
        if problem["type"] == "extra_forbidden":
            accepted = ", ".join(takes) or "no field at all"
            within = len(problem["loc"]) > 1
            yield name, "unknown field" if within else f"unknown field; this type takes {accepted}"
        elif problem["type"] == "missing":
            yield name, "missing"
        else:
            reason = problem["msg"].removeprefix("Value error, ")
            yield name, f"{reason}, given {problem['input']!r:.100}"
