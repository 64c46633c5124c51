"""What a worker says to whoever watches it: a log line for each thing that happens to a job."""

import logging
import math
from typing import Any

from jobs.models import Job
from jobs.worker.frames import Frame
from jobs.worker.held import Held

logger = logging.getLogger("jobs.worker")


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
            logger.info("Claimed.", extra=facts(held))

    def progress(self, held: Held, progress: dict[str, Any]) -> None:
        pass

    def finished(self, held: Held, result: str | None) -> None:
        if logger.isEnabledFor(logging.INFO):
            logger.info("Finished.", extra=facts(held))

    def failed(self, held: Held, kind: str, message: str) -> None:
        logger.warning("Failed.", extra={**facts(held), "kind": kind, "reason": message})

    def released(self, held: Held) -> None:
        logger.info("Put back, for the worker stops.", extra=facts(held))

    def put_back(self, held: Held, reason: str) -> None:
        logger.warning("Put back for a while.", extra={**facts(held), "reason": reason})

    def log(self, frame: Frame) -> None:
        logging.getLogger(frame["name"]).log(frame["level"], frame["text"])


def facts(held: Held) -> dict[str, Any]:
    return {"job": held.id, "type": held.type, "attempt": held.attempts, "lease": held.lease}


def facts_of(job: Job) -> dict[str, Any]:
    return {"job": str(job.pk), "type": job.type, "attempt": job.attempts, "lease": job.lease}
