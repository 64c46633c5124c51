"""What a worker holds, and everything it says to the database about it."""

import logging
import math
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    connections,
    transaction,
)

from jobs.errors import JobLocked
from jobs.models import Job, Worker
from jobs.models.queryset import BATCH, JobQuerySet
from jobs.outcome import Failure
from jobs.worker.attempt import held_job
from jobs.worker.console import facts
from jobs.worker.line import bounded_transaction

logger = logging.getLogger("jobs.worker")

LOCKED_PAUSE = 0.2  # seconds until a row that somebody else has locked is tried again
LEAVE_WITHIN = 3.0  # seconds a stopping worker spends on putting its jobs back


class LeaseLost(Exception):
    """The worker was silent for so long that its jobs are given to others."""


class Ledger:
    """Nothing here is forgotten before the database has confirmed it."""

    def __init__(self, *, slots: int, types: list[str], jobs: Callable[[], JobQuerySet]) -> None:
        self.slots, self.types, self.jobs = slots, types, jobs
        self.worker: Worker | None = None
        self.held: dict[UUID, Job] = {}
        self.results: dict[Job, dict[str, Any] | None] = {}
        self.ends: dict[Job, Callable[[], bool]] = {}
        self.progress: dict[Job, dict[str, Any]] = {}
        self.stale = 0
        self.swept: UUID | None = None  # where the last sweep ended
        # Outcomes whose rows somebody else has locked: they alone wait, until this moment.
        self.stuck: set[Job] = set()
        self.retry_at = math.inf

    # -- what happened, to be written at the next turn ---------------------------------------------

    def finish(self, job: Job, result: dict[str, Any] | None) -> None:
        self.results[job] = result

    def fail(self, job: Job, failure: Failure) -> None:
        self.ends[job] = partial(job.fail, failure)

    def rescue(self, job: Job, reason: str, log: tuple[str, ...]) -> None:
        self.ends[job] = partial(job.rescue, reason, log)

    def release(self, job: Job) -> None:
        self.ends[job] = job.release

    def forget(self, job: Job) -> None:
        """It is written already, by the transaction of its own handler."""
        self._settled([job])

    @property
    def has_news(self) -> bool:
        """Whether there is something to be written at once."""
        return bool(self.progress or (self.results.keys() | self.ends.keys()) - self.stuck)

    # -- exchanges with the database, each bounded in time -----------------------------------------

    def enlist(self) -> set[UUID]:
        """Begin as a new worker, which holds nothing."""
        with bounded_transaction():
            worker = Worker.enlist(slots=self.slots, types=self.types)
        self.worker = worker
        return set()

    def turn(self, free: int) -> list[Job]:
        """Write what happened, then claim for the free slots: one transaction."""
        if time.monotonic() >= self.retry_at:
            self.stuck.clear()
        with bounded_transaction():
            written = self._write()
            claimed = self.jobs().claim(self.worker, limit=free) if free and self.worker else []
        self.progress.clear()
        self._settled(written)
        self._set_aside()
        self.held |= {job.pk: job for job in claimed}
        return claimed

    def beat(self) -> set[UUID]:
        """Prolong the lease; return the held jobs that are to be cancelled, or raise LeaseLost."""
        with bounded_transaction():
            if self.worker is None or not self.worker.beat():
                raise LeaseLost
            mine = Job.objects.processing().filter(worker=self.worker)
            rows = list(mine.values_list("pk", "lease", "cancel_requested_at"))
        # A claim whose commit was confirmed to nobody: it went through, but no child has the job.
        for pk, lease, _ in rows:
            if pk not in self.held:
                self._adopt(held_job(str(pk), lease, self.worker.pk))
        return {pk for pk, _, cancel_requested_at in rows if cancel_requested_at}

    def look_after_others(self) -> bool:
        """Bury dead workers, rescue what they held, settle what waits; True if there is more."""
        with bounded_transaction():
            Worker.objects.all().bury()
            rescued = Job.objects.rescue()
            settled, self.swept = Job.objects.sweep(self.swept)
        for job in rescued:
            logger.warning("Rescued a job whose worker died.", extra=facts(job))
        return bool(settled) or len(rescued) >= BATCH

    def make_due(self) -> float:
        """Let jobs be claimed whose hour has come; return the seconds until the next hour."""
        with bounded_transaction():
            made = Job.objects.all().make_due()
            wait = Job.objects.all().next_run_in()
        if wait is None:
            return math.inf
        # What is due and was left is more than a batch, or else locked by somebody.
        return max(wait.total_seconds(), 0.0 if made >= BATCH else LOCKED_PAUSE)

    def leave(self) -> None:
        """Put back what is still held, and take leave. All children must be gone.

        What cannot be written in the little time that a platform gives is rescued by others.
        """
        until = time.monotonic() + LEAVE_WITHIN
        while self.worker and time.monotonic() < until:
            try:
                if self._left():
                    return
            except (DatabaseError, InterfaceError):
                connections.close_all()
            time.sleep(LOCKED_PAUSE)

    def _left(self) -> bool:
        """False if a row is locked by somebody else just now."""
        self.stuck.clear()
        with bounded_transaction():
            written = self._write()
            # An outcome whose row was locked a moment ago is not lost by a release now.
            waiting = (self.results.keys() | self.ends.keys()) - set(written)
            held = set(Job.objects.processing().filter(worker=self.worker))
            locked = [job for job in held - waiting if not self._said(job, job.release)]
            left = not (locked or held & waiting)
            if self.worker and left:
                Worker.objects.filter(pk=self.worker.pk).delete()
        self._settled(written)
        return left

    def lose(self) -> None:
        """Forget everything: it is somebody else's now."""
        for job in self.held.values():
            logger.warning("Lost the lease on a job; others take it.", extra=facts(job))
        self.worker = None
        for written in (self.held, self.results, self.ends, self.progress, self.stuck):
            written.clear()

    # -- how it is written -------------------------------------------------------------------------

    def _write(self) -> list[Job]:
        """Write what happened; return the jobs about which there is no more to say."""
        self._write_progress()
        results = {job: it for job, it in self.results.items() if job not in self.stuck}
        ends = {job: end for job, end in self.ends.items() if job not in self.stuck}
        finished = self._write_results(results) if results else []
        return finished + [job for job, end in ends.items() if self._said(job, end)]

    def _write_progress(self) -> None:
        for job, progress in self.progress.items():
            if job not in self.results and job not in self.ends:
                self._said(job, partial(job.report, progress), warn=False)

    def _write_results(self, results: dict[Job, dict[str, Any] | None]) -> list[Job]:
        try:
            with transaction.atomic():
                ids = set(Job.objects.all().finish(results))
        except (DataError, IntegrityError):
            return [job for job in results if self._said(job, self._finish_alone(job))]
        missing = [job for job in results if job.pk not in ids]
        # Locked by somebody else at this moment: still held, so it is written the next time.
        locked = Job.objects.all().held(missing) if missing else set()
        for job in missing:
            if job.pk not in locked:
                self._dropped(job)
        return [job for job in results if job.pk not in locked]

    def _finish_alone(self, job: Job) -> Callable[[], bool]:
        """One result of the batch cannot be stored: write each alone, and fail that one."""

        def end() -> bool:
            try:
                with transaction.atomic():
                    return job.finish(self.results[job])
            except (DataError, IntegrityError) as error:
                return job.fail(Failure.of(error, repeatable=False))

        return end

    def _said(self, job: Job, end: Callable[[], bool], *, warn: bool = True) -> bool:
        """False if the row is locked by somebody else, to be tried again."""
        try:
            with transaction.atomic():
                written = end()
        except JobLocked:
            return False
        if not written and warn:
            self._dropped(job)
        return True

    def _dropped(self, job: Job) -> None:
        if Job.objects.filter(pk=job.pk, lease=job.lease, status=Job.Status.FINISHED).exists():
            return  # our own write, whose commit was confirmed to nobody
        self.stale += 1
        logger.warning(
            "A job was taken over while it ran; its outcome is dropped.", extra=facts(job)
        )

    def _set_aside(self) -> None:
        """What is left is locked: try it again later, and keep nothing else waiting for it."""
        self.stuck = self.results.keys() | self.ends.keys()
        now = time.monotonic()
        if not self.stuck:
            self.retry_at = math.inf
        elif not now < self.retry_at < math.inf:
            self.retry_at = now + LOCKED_PAUSE

    def _settled(self, jobs: Iterable[Job]) -> None:
        for job in list(jobs):
            self.held.pop(job.pk, None)
            self.results.pop(job, None)
            self.ends.pop(job, None)

    def _adopt(self, job: Job) -> None:
        self.held[job.pk] = job
        self.release(job)
