"""Outcomes that could not be written, mostly because somebody else has the row locked."""

import logging
import math
import time
from collections.abc import Iterable

from jobs.models import Job
from jobs.worker.console import facts
from jobs.worker.held import Held
from jobs.worker.line import bounded_statement

logger = logging.getLogger("jobs.worker")

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 0.8  # seconds


class Refused:
    """They alone wait, and nothing else waits for them."""

    def __init__(self) -> None:
        self.these: set[Held] = set()
        self.retry_at, self.pause = math.inf, FIRST_PAUSE  # by time.monotonic(), and seconds

    def __contains__(self, held: Held) -> bool:
        return held in self.these

    def add(self, held: Iterable[Held]) -> None:
        self.these.update(held)

    def forget(self) -> None:
        self.these.clear()

    def forget_if_due(self) -> bool:
        """Whether their time has come: then they are tried again with all else."""
        if is_due := time.monotonic() >= self.retry_at:
            self.forget()
        return is_due

    def set_aside(self) -> None:
        """Try them again after a pause, and after a longer one each time."""
        now = time.monotonic()
        if not self.these:
            self.retry_at, self.pause = math.inf, FIRST_PAUSE
        elif not now < self.retry_at < math.inf:
            self.retry_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)


def taken_over(these: Iterable[Held]) -> set[Held]:
    """Those that are held no longer under their claim: what became of them here is dropped."""
    jobs = {held: held.job() for held in these}
    with bounded_statement():
        still = Job.objects.held(jobs.values())
    return {held for held, job in jobs.items() if job.pk not in still}


def report_dropped(lost: set[Held]) -> int:
    """Log that these outcomes are dropped; return how many had not been written by this worker."""
    if not lost:
        return 0
    with bounded_statement():
        rows = Job.objects.filter(pk__in=[held.id for held in lost], status="finished")
        # Our own write, whose commit was confirmed to nobody.
        ours = {(str(id), lease) for id, lease in rows.values_list("pk", "lease")}
    dropped = [held for held in lost if (held.id, held.lease) not in ours]
    for held in dropped:
        message = "A job was taken over while it ran; its outcome is dropped: %s %s."
        logger.warning(message, held.type, held.id, extra=facts(held))
    return len(dropped)
