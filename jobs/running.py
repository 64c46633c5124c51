"""What a handler is given: the job it runs."""

import logging
import time
from collections.abc import Callable, MutableMapping
from math import isfinite
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import cached_property

from jobs.content import printable
from jobs.stops import Stop

LONGEST_MESSAGE = 500  # characters


class JobLogger(logging.LoggerAdapter[logging.Logger]):
    """Adds the job's id, type and attempt to every line."""

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        kwargs["extra"] = {**(self.extra or {}), **(kwargs.get("extra") or {})}
        return msg, kwargs


class RunningJob:
    """One attempt at a job, seen from its handler.

    `data` is the validated payload, `attempt` counts from 1, `logger` marks every line with the
    job's id, type and attempt.
    """

    def __init__(
        self,
        *,
        id: UUID,
        type: str,
        data: Any,
        attempt: int = 1,
        user_id: UUID | None = None,
        entity_id: UUID | None = None,
        on_progress: Callable[[dict[str, Any]], None] = lambda progress: None,
        stop: Stop | None = None,
    ) -> None:
        self.id, self.type, self.data, self.attempt = id, type, data, attempt
        self.user_id, self.entity_id = user_id, entity_id
        self._on_progress, self._stop = on_progress, stop
        self._next_progress = 0.0

    @cached_property
    def logger(self) -> JobLogger:
        facts = {"job": str(self.id), "type": self.type, "attempt": self.attempt}
        return JobLogger(logging.getLogger(f"jobs.{self.type}"), facts)

    @cached_property
    def user(self) -> AbstractBaseUser | None:
        """Who enqueued it; None if nobody did or the user is gone."""
        if self.user_id is None:
            return None
        return get_user_model()._default_manager.filter(pk=self.user_id).first()

    def progress(self, done: float, total: float, message: str = "") -> None:
        """Show that `done` of `total` is done. Cheap: all but one call a second is dropped."""
        now = time.monotonic()
        if now >= self._next_progress or done == total:
            self._next_progress = now + 1
            self._on_progress(plain(done, total, message))

    def check_cancelled(self) -> None:
        """Raise, from any thread, if the job was cancelled or is out of time."""
        if self._stop is not None:
            self._stop.check()


def plain(done: float, total: float, message: str) -> dict[str, Any]:
    """Progress as JSON, whatever kind of number it is given in."""
    done, total = float(done), float(total)
    if not (isfinite(done) and isfinite(total)):
        raise ValueError(f"progress takes two finite numbers, given {done:g} and {total:g}.")
    whole = done.is_integer() and total.is_integer()
    numbers = (int(done), int(total)) if whole else (done, total)
    text = printable(str(message))[:LONGEST_MESSAGE]
    return {"done": numbers[0], "total": numbers[1], "message": text}
