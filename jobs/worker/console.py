"""What a worker says to whoever watches it: a log line for each thing that happens to a job."""

import logging
import math
from typing import Any

from jobs.models import Job
from jobs.worker.frames import Frame

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

    def claimed(self, job: Job) -> None:
        logger.info("Claimed.", extra=facts(job))

    def progress(self, job: Job, progress: dict[str, Any]) -> None:
        pass

    def finished(self, job: Job, result: dict[str, Any] | None) -> None:
        logger.info("Finished.", extra=facts(job))

    def failed(self, job: Job, kind: str, message: str) -> None:
        logger.warning("Failed.", extra={**facts(job), "kind": kind, "reason": message})

    def released(self, job: Job) -> None:
        logger.info("Put back, for the worker stops.", extra=facts(job))

    def log(self, frame: Frame) -> None:
        logging.getLogger(frame["name"]).log(frame["level"], frame["text"])


def facts(job: Job) -> dict[str, Any]:
    return {"job": str(job.pk), "type": job.type, "attempt": job.attempts, "lease": job.lease}
