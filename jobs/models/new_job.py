"""A job as it is ordered, and the row that it becomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from pydantic import BaseModel
from uuid_utils import uuid7

from jobs.errors import InvalidOption
from jobs.options import Option, is_text
from jobs.registry import job_types

if TYPE_CHECKING:
    from jobs.models import Job

LONGEST_KEY = 200


class Row(NamedTuple):
    """The columns that a new job does not leave to their defaults."""

    id: str
    type: str
    data: str
    user_id: Any
    entity_id: UUID | None
    priority: int
    # None is as soon as possible, by the clock of the database.
    run_at: datetime | None
    due: bool
    unique_key: str
    blocked_by: UUID | None
    max_attempts: int

    def key(self) -> tuple[str, str]:
        """What only one job that waits may have: the key within its type, or what is its own."""
        return self.type, self.unique_key or self.id

    def met_by(self, other: "Row", *, replace: bool) -> "Row":
        """What waits once the other, of the same key, is enqueued; sql.ENQUEUE does the same."""
        run_at = earlier(self.run_at, other.run_at)
        kept = other if replace else self
        return self._replace(
            data=kept.data,
            user_id=kept.user_id,
            entity_id=kept.entity_id,
            priority=max(self.priority, other.priority),
            run_at=run_at,
            due=self.blocked_by is None and has_come(run_at),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class NewJob:
    """A job to enqueue; the arguments of `enqueue`, for `enqueue_many`.

    `data` must fit the payload of its type; None is no data. `run_at` is the earliest start. A
    larger `priority` (-100…100) goes first. Of all jobs of a type with one `unique_key`, one waits
    at most: with the higher priority and the earlier hour of those that were enqueued, and with the
    data, user and entity of the first, or of the last that was to `replace` them. `after` is a job
    that has to finish first.
    """

    type: str
    data: Mapping[str, Any] | BaseModel | None = None
    user: models.Model | None = None
    entity_id: UUID | None = None
    run_at: datetime | None = None
    priority: int = 0
    unique_key: str = ""
    replace: bool = False
    after: "Job | None" = None

    def __post_init__(self) -> None:
        given = options_of(self)
        if not all(map(is_, given, DEFAULTS)):
            self._check(given)

    def _check(self, options: Iterable[Any]) -> None:
        checked = zip(OPTIONS.items(), options, DEFAULTS, strict=True)
        for (option, (takes, fits)), given, default in checked:
            if given is not default and not fits(given):
                raise InvalidOption(self.type, option, given, takes)
        if self.replace and not self.unique_key:
            raise InvalidOption(self.type, "replace", True, "a unique_key with it")

    def row(self) -> Row:
        """What is to be inserted, once the data is seen to fit."""
        job_type = job_types[self.type]
        return Row(
            # Those of one process grow, also within a millisecond: jobs that are due at the same
            # moment run in the order they were enqueued in.
            uuid7().hex,
            self.type,
            job_type.stored({} if self.data is None else self.data),
            None if self.user is None else self.user.pk,
            self.entity_id,
            self.priority,
            self.run_at,
            self.after is None and has_come(self.run_at),
            self.unique_key,
            self.after.pk if self.after else None,
            job_type.max_attempts,
        )


def has_come(run_at: datetime | None) -> bool:
    return run_at is None or run_at <= timezone.now()


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:  # as soon as possible, unless the other is even before
        given = one or other
        return given if given and has_come(given) else None
    return min(one, other)


def is_user(given: Any) -> bool:
    saved = isinstance(given, get_user_model()) and given.pk is not None
    return saved or isinstance(given, AnonymousUser)


def is_priority(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and -100 <= given <= 100


def is_moment(given: Any) -> bool:
    return isinstance(given, datetime) and timezone.is_aware(given)


def is_job(given: Any) -> bool:
    from jobs.models import Job

    return isinstance(given, Job)


OPTIONS = {
    "user": Option("a user who is saved, or None", is_user),
    "entity_id": Option("a UUID", lambda given: isinstance(given, UUID)),
    "run_at": Option("a datetime with a time zone", is_moment),
    "priority": Option("an int of -100 to 100", is_priority),
    "unique_key": Option(
        f"a text of at most {LONGEST_KEY} characters, none of them NUL",
        lambda given: is_text(given, LONGEST_KEY),
    ),
    "replace": Option("True or False", lambda given: isinstance(given, bool)),
    "after": Option("a job", is_job),
}
options_of = attrgetter(*OPTIONS)
DEFAULTS = [NewJob.__dataclass_fields__[option].default for option in OPTIONS]
