"""The setting JOBS, with its defaults."""

from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

LAST_MOMENT = 5 / 6  # of the time that a worker is believed alive, at which its children are ended

SHORTEST_STATEMENT = timedelta(milliseconds=100)


class Conf(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    # How often a worker says that it is alive, and for how long it is believed to be.
    heartbeat: timedelta = timedelta(seconds=4)
    alive_for: timedelta = timedelta(seconds=12)
    # Between asking a handler to stop and killing its process group.
    kill_after: timedelta = timedelta(seconds=5)
    # A child is replaced, between jobs, after so many jobs or once it has used so much memory.
    child_max_jobs: int = Field(default=10_000, ge=1)
    child_max_memory_mb: int | None = Field(default=None, ge=1)
    # The longest any statement of the worker itself may take: by default 3 s, or as much less as a
    # short `alive_for` asks for.
    statement: timedelta = Field(
        default_factory=lambda given: min(timedelta(seconds=3), longest_statement(given))
    )
    # How long, since it was enqueued, a job may wait for a worker that knows all its fields.
    unknown_fields_wait: timedelta = Field(default=timedelta(minutes=10), ge=timedelta(0))
    # Whether enqueueing wakes idle workers. The poll is what correctness rests on.
    notify: bool = True
    # A direct line to the database for LISTEN, when the default one goes through a pooler.
    listen_url: str = ""

    @model_validator(mode="after")
    def a_heartbeat_comes_in_time(self) -> "Conf":
        longest = longest_statement({"heartbeat": self.heartbeat, "alive_for": self.alive_for})
        if not SHORTEST_STATEMENT <= self.statement <= longest:
            raise ValueError(
                f"alive_for is {self.alive_for.total_seconds():g} s; it must be long enough for a"
                f" heartbeat ({self.heartbeat.total_seconds():g} s) and two statements"
                f" ({self.statement.total_seconds():g} s each), and a fifth more"
            )
        return self

    @property
    def children_until(self) -> timedelta:
        """How long after a heartbeat children may run: they are gone when their worker is not
        believed alive any more."""
        return self.alive_for * LAST_MOMENT


def longest_statement(given: dict[str, timedelta]) -> timedelta:
    """A heartbeat may have to wait for one such statement, and be one itself."""
    return (given["alive_for"] * LAST_MOMENT - given["heartbeat"]) / 2


@cache
def conf() -> Conf:
    """The setting, or ImproperlyConfigured naming what is wrong with it."""
    try:
        return Conf.model_validate(getattr(settings, "JOBS", {}))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        name = ".".join(["JOBS", *map(str, problem["loc"])])
        reason = problem["msg"].removeprefix("Value error, ")
        # A URL may hold a password; the setting as a whole would say little.
        shown = problem["loc"] and "url" not in name
        given = f", given {problem['input']!r}" if shown else ""
        raise ImproperlyConfigured(f"{name}: {reason}{given}.") from None


def forget(*, setting: str, **kwargs: object) -> None:
    if setting == "JOBS":
        conf.cache_clear()


setting_changed.connect(forget)
