"""A job as it is ordered, and the row that it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import models
from django.utils import timezone
from pydantic import BaseModel
from uuid_utils import uuid7

from jobs.content import stored
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

    `data` must fit the payload of its type. `run_at` is the earliest start. A larger `priority`
    (-100…100) goes first. Of all jobs with one `unique_key`, one waits at most. `after` is a job
    that has to finish first.
    """

    type: str
    data: Mapping[str, Any] | BaseModel
    user: models.Model | None = None
    entity_id: UUID | None = None
    run_at: datetime | None = None
    priority: int = 0
    unique_key: str = ""
    after: "Job | None" = None

    def __post_init__(self) -> None:
        if not -100 <= self.priority <= 100:
            raise ValueError(f"{self.type}: priority is {self.priority}; give -100 to 100.")
        if len(self.unique_key) > LONGEST_KEY or "\x00" in self.unique_key:
            raise ValueError(
                f"{self.type}: unique_key is {self.unique_key!r:.50}; "
                f"give at most {LONGEST_KEY} characters, none of them NUL."
            )
        if self.run_at is not None and timezone.is_naive(self.run_at):
            raise ValueError(f"{self.type}: run_at is {self.run_at}; give it a time zone.")

    def row(self) -> Row:
        """What is to be inserted, once the data is seen to fit."""
        job_type = job_types[self.type]
        data = self.data.model_dump() if isinstance(self.data, BaseModel) else self.data
        return Row(
            # Those of one process grow, also within a millisecond: jobs that are due at the same
            # moment run in the order they were enqueued in.
            uuid7().hex,
            self.type,
            stored(f"{self.type}: data", job_type.validate(data)),
            self.user.pk if self.user else None,
            self.entity_id,
            self.priority,
            self.run_at,
            self.after is None and (self.run_at is None or self.run_at <= timezone.now()),
            self.unique_key,
            self.after.pk if self.after else None,
            job_type.max_attempts,
        )
