"""The setting JOBS, with its defaults."""

from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator


class Conf(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    # How often a worker says that it is alive, and how long that is believed.
    heartbeat: timedelta = timedelta(seconds=4)
    lease: timedelta = timedelta(seconds=12)
    # Between asking a handler to stop and killing its process group.
    kill_after: timedelta = timedelta(seconds=5)
    # A child is replaced, between jobs, after so many jobs or once it has used so much memory.
    child_max_jobs: int = Field(default=10_000, ge=1)
    child_max_memory_mb: int | None = Field(default=None, ge=1)
    # The longest any statement of the worker itself may take.
    statement: timedelta = timedelta(seconds=3)
    # How long, since it was enqueued, a job may wait for a worker that knows all its fields.
    unknown_fields_wait: timedelta = Field(default=timedelta(minutes=10), ge=timedelta(0))
    # Whether enqueueing wakes idle workers. The poll is what correctness rests on.
    notify: bool = True
    # A direct line to the database for LISTEN, when the default one goes through a pooler.
    listen_url: str = ""

    @model_validator(mode="after")
    def lease_outlasts_heartbeats(self) -> "Conf":
        if self.lease < 2 * self.heartbeat + timedelta(seconds=1):
            raise ValueError(
                f"lease is {self.lease.total_seconds():g} s; it must be at least twice the "
                f"heartbeat ({self.heartbeat.total_seconds():g} s) and one second more"
            )
        return self


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
