"""What a worker says to whoever watches it: a log line for each thing that happens to a job."""

import logging
import math
import sys
from typing import Any

from jobs.models import Job
from jobs.models.schema import MOST_CRASHES
from jobs.outcome import Failure
from jobs.registry import job_types
from jobs.worker.frames import Frame
from jobs.worker.held import Held

logger = logging.getLogger("jobs.worker")

LONGEST_REASON = 500  # characters in a message; all of it is with the job
# Why a job is put back that has not failed.
STOPS, WAITED = "the worker stops", "another worker may have room for it"


class Console:
    """The lines. Elsewhere than on a terminal they are JSON, by the project's LOGGING."""

    # Whether children hand their log records over instead of writing them themselves.
    relays_logs = False

    def next_moment(self) -> float:
        """When it wants to be drawn again."""
        return math.inf

    def draw(self) -> None:
        pass

    def hush(self) -> None:
        """Somebody debugs a job on the terminal."""

    def claimed(self, held: Held) -> None:
        # Asked first: at thousands a second what nobody reads is too dear.
        if logger.isEnabledFor(logging.INFO):
            logger.info("Claimed %s %s.", held.type, held.id, extra=facts(held))

    def progress(self, held: Held, progress: dict[str, Any]) -> None:
        pass

    def finished(self, held: Held, result: str | None) -> None:
        if logger.isEnabledFor(logging.INFO):
            logger.info("Finished %s %s.", held.type, held.id, extra=facts(held))

    def failed(self, held: Held, failure: Failure) -> None:
        more = facts(held) | {"kind": failure.kind, "reason": failure.message}
        if failure.kind == "cancelled":
            logger.info("Cancelled %s %s.", held.type, held.id, extra=more)
            return
        last = is_last(held, failure)
        logger.log(
            logging.ERROR if last else logging.WARNING,
            "Failed %s %s (%s, attempt %d, %s): %s",
            held.type,
            held.id,
            failure.kind,
            held.attempts,
            "the last" if last else "to be tried again",
            on_one_line(failure.message),
            extra=more,
        )

    def released(self, held: Held, why: str) -> None:
        logger.info("Put back %s %s, for %s.", held.type, held.id, why, extra=facts(held))

    def put_back(self, held: Held, reason: str) -> None:
        message = "Put back %s %s for a while: %s"
        more = facts(held) | {"reason": reason}
        logger.warning(message, held.type, held.id, on_one_line(reason), extra=more)

    def log(self, frame: Frame) -> None:
        """What a child hands over: its own loggers below the root have done their part there."""
        record = logging.LogRecord(frame["name"], frame["level"], "", 0, frame["text"], None, None)
        logging.getLogger().handle(record)


def is_last(held: Held, failure: Failure) -> bool:
    """Whether no attempt is left, as far as the worker knows without asking for the row."""
    if failure.kind == "crashed":
        return held.crashes + 1 >= MOST_CRASHES
    attempts = job_types[held.type].max_attempts if held.type in job_types else 1
    return not failure.repeatable or held.attempts >= attempts


def is_on_screen(handler: logging.Handler) -> bool:
    """Whether it writes to where whoever started the worker reads."""
    stream = getattr(handler, "stream", None)
    return stream is not None and stream in (sys.stdout, sys.stderr)


def on_one_line(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]


def facts(held: Held) -> dict[str, Any]:
    return {"job": held.id, "type": held.type, "attempt": held.attempts, "lease": held.lease}


def facts_of(job: Job) -> dict[str, Any]:
    return {"job": str(job.pk), "type": job.type, "attempt": job.attempts, "lease": job.lease}
