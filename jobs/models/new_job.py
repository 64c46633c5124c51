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

from jobs.content import stored
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


@dataclass(frozen=True, kw_only=True, slots=True)
class NewJob:
    """A job to enqueue; the arguments of `enqueue`, for `enqueue_many`.

    `data` must fit the payload of its type; None is no data. `run_at` is the earliest start. A
    larger `priority` (-100…100) goes first. Of all jobs with one `unique_key`, one waits at most.
    `after` is a job that has to finish first.
    """

    type: str
    data: Mapping[str, Any] | BaseModel | None = None
    user: models.Model | None = None
    entity_id: UUID | None = None
    run_at: datetime | None = None
    priority: int = 0
    unique_key: str = ""
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

    def row(self) -> Row:
        """What is to be inserted, once the data is seen to fit."""
        job_type = job_types[self.type]
        data = {} if self.data is None else self.data
        if isinstance(data, BaseModel):
            data = data.model_dump()
        return Row(
            # Those of one process grow, also within a millisecond: jobs that are due at the same
            # moment run in the order they were enqueued in.
            uuid7().hex,
            self.type,
            stored(f"{self.type}: data", job_type.validate(data)),
            None if self.user is None else self.user.pk,
            self.entity_id,
            self.priority,
            self.run_at,
            self.after is None and (self.run_at is None or self.run_at <= timezone.now()),
            self.unique_key,
            self.after.pk if self.after else None,
            job_type.max_attempts,
        )


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
    "after": Option("a job", is_job),
}
options_of = attrgetter(*OPTIONS)
DEFAULTS = [NewJob.__dataclass_fields__[option].default for option in OPTIONS]
