"""What a worker holds, and everything it says to the database about it."""

import json
import logging
import math
import time
from collections.abc import Callable, Iterable, Set
from datetime import timedelta
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
from jobs.models.queryset import BATCH
from jobs.outcome import Failure
from jobs.worker.console import facts, facts_of
from jobs.worker.held import Held
from jobs.worker.line import bounded_statement, bounded_transaction
from jobs.worker.rounds import beat, poll
from jobs.worker.turn import Choice, Turned, turn

logger = logging.getLogger("jobs.worker")

LOCKED_PAUSE = 0.2  # seconds until a row that somebody else has locked is tried again
LEAVE_WITHIN = 3.0  # seconds a stopping worker spends on putting its jobs back


class LeaseLost(Exception):
    """The worker was silent for so long that its jobs are given to others."""


class Ledger:
    """Nothing here is forgotten before the database has confirmed it."""

    def __init__(self, *, slots: int, types: list[str], choice: Choice) -> None:
        self.slots, self.types, self.choice = slots, types, choice
        self.worker: Worker | None = None
        self.held: dict[str, Held] = {}
        # As JSON, which nobody here reads.
        self.results: dict[Held, str | None] = {}
        self.ends: dict[Held, Callable[[], bool]] = {}
        # Those of them that are put back: a worker that stops may have hundreds.
        self.released: set[Held] = set()
        self.progress: dict[Held, dict[str, Any]] = {}
        self.stale = 0
        # Whether the last turn let something be claimed that it could not see itself.
        self.frees = False
        # Whether a worker has died or a job was left unsettled, at the last heartbeat.
        self.others_need_it = False
        self.swept: UUID | None = None  # where the last look at what waits ended
        # Outcomes whose rows somebody else has locked: they alone wait, until this moment.
        self.stuck: set[Held] = set()
        self.retry_at = math.inf

    # -- what happened, to be written at the next turn ---------------------------------------------

    def finish(self, held: Held, result: str | None) -> None:
        self.results[held] = result

    def fail(self, held: Held, failure: Failure) -> None:
        self.ends[held] = partial(held.job().fail, failure)

    def rescue(self, held: Held, reason: str, log: tuple[str, ...]) -> None:
        self.ends[held] = partial(held.job().rescue, reason, log)

    def release(self, held: Held) -> None:
        self.ends[held] = held.job().release
        self.released.add(held)

    def put_back(self, held: Held, wait: timedelta) -> None:
        self.ends[held] = partial(held.job().put_back, wait)

    def forget(self, held: Held) -> None:
        """It is written already, by the transaction of its own handler."""
        self._settled([held])

    @property
    def has_news(self) -> bool:
        """Whether there is something to be written at once."""
        if not self.stuck:
            return bool(self.progress or self.results or self.ends)
        return bool(self.progress or (self.results.keys() | self.ends.keys()) - self.stuck)

    # -- exchanges with the database, each bounded in time -----------------------------------------

    def enlist(self) -> set[str]:
        """Begin as a new worker, which holds nothing."""
        with bounded_transaction():
            worker = Worker.enlist(slots=self.slots, types=self.types)
        self.worker, self.others_need_it = worker, True
        return set()

    def turn(self, room: int, suspects: int) -> list[Held]:
        """Write what happened, and claim at most so many jobs, so many of which crashed before."""
        if time.monotonic() >= self.retry_at:
            self.stuck.clear()
        if self.progress or self.ends:
            with bounded_transaction():
                self._write_progress()
                written = self._write_ends()
            self.progress.clear()
            self._settled(written)
        claimed = self._finish_and_claim(room, suspects)
        self._set_aside()
        self.held |= {held.id: held for held in claimed}
        return claimed

    def beat(self) -> set[str]:
        """Prolong the lease; return the held jobs that are to be cancelled, or raise LeaseLost."""
        assert self.worker is not None
        with bounded_statement():
            beaten = beat(self.worker.pk, known=self.held, past=self.swept)
        if beaten is None:
            raise LeaseLost
        self.others_need_it = beaten.others_need_it
        if not self.others_need_it:
            self.swept = beaten.swept
        # A claim whose commit was confirmed to nobody: it went through, but no child has the job.
        for id, lease in beaten.unknown.items():
            self._adopt(Held(id, lease, self.worker.pk))
        return beaten.cancelled

    def look_after_others(self) -> bool:
        """Bury dead workers, rescue what they held, settle what waits; True if there is more."""
        with bounded_transaction():
            Worker.objects.all().bury()
            rescued = Job.objects.rescue()
            settled, self.swept = Job.objects.sweep(self.swept)
        for job in rescued:
            logger.warning("Rescued a job whose worker died.", extra=facts_of(job))
        return bool(settled) or len(rescued) >= BATCH

    def poll(self) -> tuple[bool, float]:
        """Whether there is something to claim, and the seconds until it is to be asked again."""
        with bounded_statement():
            made, wait, claimable = poll(self.choice)
        # What is due and was left is more than a batch, or else locked by somebody.
        pause = 0.0 if made >= BATCH else LOCKED_PAUSE
        return bool(made) or claimable, math.inf if wait is None else max(wait, pause)

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
            written = self._write_ends() + self._write_results()
            # An outcome whose row was locked a moment ago is not lost by a release now.
            waiting = {held.id for held in (self.results.keys() | self.ends.keys()) - set(written)}
            rows = Job.objects.processing().filter(worker=self.worker)
            held = {Held(str(job.pk), job.lease, job.worker_id or 0) for job in rows}
            rest = {h for h in held if h.id not in waiting}
            rest -= self._release_together(rest)
            locked = [h for h in rest if not self._said(h, h.job().release)]
            left = not (locked or waiting & {h.id for h in held})
            if self.worker and left:
                Worker.objects.filter(pk=self.worker.pk).delete()
        self._settled(written)
        return left

    def lose(self) -> None:
        """Forget everything: it is somebody else's now."""
        for held in self.held.values():
            logger.warning("Lost the lease on a job; others take it.", extra=facts(held))
        self.worker = None
        for written in (self.held, self.results, self.ends, self.released, self.progress):
            written.clear()
        self.stuck.clear()

    # -- how it is written -------------------------------------------------------------------------

    def _write_progress(self) -> None:
        for held, progress in self.progress.items():
            if held not in self.results and held not in self.ends:
                self._said(held, partial(held.job().report, progress), warn=False)

    def _write_ends(self) -> list[Held]:
        """Return those about which there is no more to say."""
        ends = {held: end for held, end in self.ends.items() if held not in self.stuck}
        released = self._release_together(ends.keys() & self.released)
        return [held for held, end in ends.items() if held in released or self._said(held, end)]

    def _release_together(self, these: Set[Held]) -> set[Held]:
        """Put back all with which there is no more to it; return them."""
        done = Job.objects.release(held.job() for held in these) if these else set()
        return {held for held in these if UUID(held.id) in done}

    def _write_results(self) -> list[Held]:
        """One by one."""
        results = [held for held in self.results if held not in self.stuck]
        return [held for held in results if self._said(held, partial(self._finish_alone, held))]

    def _finish_and_claim(self, room: int, suspects: int) -> list[Held]:
        results = {held: it for held, it in self.results.items() if held not in self.stuck}
        self.frees = False
        if not results and not room:
            return []
        assert self.worker is not None
        try:
            with bounded_statement():
                turned = turn(self.choice, self.worker.pk, results, room=room, suspects=suspects)
                if turned.awaited:
                    Job.objects.settle(map(UUID, turned.awaited))
        except (DataError, IntegrityError):
            # One of the results cannot be stored: that one fails, when each is written alone.
            with bounded_transaction():
                written = self._write_results()
            self._settled(written)
            return []
        self.frees = turned.frees
        self._settled(self._done(results, turned))
        return turned.claimed

    def _done(self, results: Iterable[Held], turned: Turned) -> list[Held]:
        """Those that are finished, or were never ours to finish."""
        missing = [held for held in results if held.id not in turned.finished]
        if not missing:
            return list(results)
        # Locked by somebody else at this moment: still held, so it is written the next time.
        jobs = {held: held.job() for held in missing}
        locked = Job.objects.all().held(jobs.values())
        for held, job in jobs.items():
            if job.pk not in locked:
                self._dropped(held)
        return [held for held in results if held not in jobs or jobs[held].pk not in locked]

    def _finish_alone(self, held: Held) -> bool:
        """It fails, if it cannot be stored."""
        job, result = held.job(), self.results[held]
        try:
            with transaction.atomic():
                return job.finish(json.loads(result or "null"))
        except (DataError, IntegrityError) as error:
            return job.fail(Failure.of(error, repeatable=False))

    def _said(self, held: Held, end: Callable[[], bool], *, warn: bool = True) -> bool:
        """False if the row is locked by somebody else, to be tried again."""
        try:
            with transaction.atomic():
                written = end()
        except JobLocked:
            return False
        if not written and warn:
            self._dropped(held)
        return True

    def _dropped(self, held: Held) -> None:
        if Job.objects.filter(pk=held.id, lease=held.lease, status=Job.Status.FINISHED).exists():
            return  # our own write, whose commit was confirmed to nobody
        self.stale += 1
        logger.warning(
            "A job was taken over while it ran; its outcome is dropped.", extra=facts(held)
        )

    def _set_aside(self) -> None:
        """What is left is locked: try it again later, and keep nothing else waiting for it."""
        self.stuck = self.results.keys() | self.ends.keys()
        now = time.monotonic()
        if not self.stuck:
            self.retry_at = math.inf
        elif not now < self.retry_at < math.inf:
            self.retry_at = now + LOCKED_PAUSE

    def _settled(self, done: Iterable[Held]) -> None:
        for held in done:
            self.held.pop(held.id, None)
            self.results.pop(held, None)
            if self.ends.pop(held, None):
                self.released.discard(held)

    def _adopt(self, held: Held) -> None:
        self.held[held.id] = held
        self.release(held)
