"""What a worker holds, and everything it says to the database about it."""

import logging
import math
import time
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connections,
)
from psycopg.errors import LockNotAvailable

from jobs.models import Job, Worker
from jobs.models.ending import Ending
from jobs.models.queryset import BATCH
from jobs.outcome import Failure
from jobs.worker.console import facts
from jobs.worker.held import Held
from jobs.worker.line import bounded_statement, bounded_transaction
from jobs.worker.others import Others
from jobs.worker.portion import Portion, halves, pieces
from jobs.worker.refused import Refused, report_dropped, taken_over
from jobs.worker.rounds import beat, look, poll
from jobs.worker.turn import Choice, Turned, turn
from jobs.worker.writer import Writer, has_too_many, time_limit

logger = logging.getLogger("jobs.worker")

LOCKED_PAUSE = 0.2  # seconds until a row that somebody else has locked is tried again
AMONG_SUSPECTS = 16  # jobs that a turn looks at after one that met suspects
LEAVE_WITHIN = 3.0  # seconds a stopping worker spends on putting its jobs back


class LifeOver(Exception):
    """The worker was silent for so long that its jobs are given to others."""


class Ledger:
    """Nothing here is forgotten before the database has confirmed it."""

    def __init__(self, *, slots: int, types: list[str], choice: Choice) -> None:
        self.slots, self.types, self.choice = slots, types, choice
        self.worker: Worker | None = None
        self.held: dict[str, Held] = {}
        # As JSON, which nobody here reads.
        self.results: dict[Held, str | None] = {}
        self.ends: dict[Held, Ending] = {}
        self.progress: dict[Held, dict[str, Any]] = {}
        self.named: set[str] = set()  # the jobs that the worker's row says it runs
        self.stale = 0
        # Whether the last turn let something be claimed that it could not see itself, and whether
        # it met suspects, of which it can take few, however many it looks at.
        self.frees = self.meets_suspects = False
        self.writer, self.refused = Writer(), Refused()
        self.others = Others(self.writer)
        # Whether the next results are to pass over a locked row at once: it was locked before.
        self.passes_over, self.turns = False, Portion(BATCH)

    # -- what happened, to be written at the next turn ---------------------------------------------

    def finish(self, held: Held, result: str | None) -> None:
        self.results[held] = result

    def fail(self, held: Held, failure: Failure) -> None:
        self.ends[held] = held.job().as_failed(failure)

    def rescue(self, held: Held, reason: str, log: tuple[str, ...]) -> None:
        self.ends[held] = held.job().as_lost(reason, begun=True, log=log)

    def release(self, held: Held) -> None:
        self.ends[held] = held.job().as_released()

    def put_back(self, held: Held, wait: timedelta) -> None:
        """For a while, as if it had not been claimed."""
        self.ends[held] = held.job().as_released(wait)

    def forget(self, held: Held) -> None:
        """It is written already, by the transaction of its own handler."""
        self._settled([held])

    @property
    def has_news(self) -> bool:
        """Whether there is something to be written at once."""
        if self.progress or self.writer.unsettled:
            return True
        if not self.refused.these:
            return bool(self.results or self.ends)
        return bool((self.results.keys() | self.ends.keys()) - self.refused.these)

    # -- exchanges with the database, each bounded in time -----------------------------------------

    def enlist(self) -> None:
        """Begin as a new worker, which holds nothing."""
        with bounded_transaction():
            worker = Worker.enlist(slots=self.slots, types=self.types)
        self.worker, self.others.need_it = worker, True

    def beat(self, running: Iterable[str]) -> float:
        """Prolong the worker's life, or raise LifeOver; `running` are the jobs that have begun.

        Returns the seconds until the next of the others is believed dead, unless it beats before.
        """
        assert self.worker is not None
        named = set(running)
        with bounded_statement():
            beaten = beat(self.worker.pk, running=named)
        if beaten is None:
            raise LifeOver
        self.named = named
        self.others.need_it |= beaten.others_died
        return math.inf if beaten.next_death is None else beaten.next_death

    def turn(self, room: int, free: int, running: Iterable[str] = ()) -> list[Held]:
        """Write what happened, and claim at most so many jobs, so many of which are suspects.

        `free` is how many children have nothing to do, `running` what the others run.
        """
        self.passes_over = self.refused.forget_if_due()
        self._write_progress()
        self._write_ends()
        claimed = self._finish_and_claim(room, free, running)
        self.writer.settle()
        self.refused.set_aside()
        self.held |= {held.id: held for held in claimed}
        return claimed

    def look(self) -> set[str]:
        """Look at what is held and what waits; return the held jobs that are to be cancelled."""
        assert self.worker is not None
        with bounded_statement():
            looked = look(self.worker.pk, known=self.held, past=self.others.swept)
        self.others.note(looked)
        # A claim whose commit was confirmed to nobody: it went through, but no child has the job.
        for id, lease in looked.unknown.items():
            self._adopt(Held(id, lease, self.worker.pk))
        return looked.cancelled

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
        """Whether nothing of it is held any more: a row may be locked by somebody else just now."""
        assert self.worker is not None
        self.refused.forget()
        self._write_ends()
        while self._next_results():
            self._finish_and_claim(0, 0, ())
        self.writer.settle()
        with bounded_statement():
            rows = Job.objects.processing().filter(worker=self.worker).bare()
            held = {str(job.pk): job for job in rows}
        # An outcome whose row was locked a moment ago is not lost by a release now.
        waiting = {held.id for held in self.results.keys() | self.ends.keys()}
        rest = [job.as_released() for id, job in held.items() if id not in waiting]
        written, _ = self.writer.end(rest)
        if written != held.keys():
            return False
        with bounded_statement():
            Worker.objects.filter(pk=self.worker.pk).delete()
        return True

    def lose(self) -> None:
        """Forget everything: it is somebody else's now."""
        for held in self.held.values():
            message = "Lost the lease on a job, which others take: %s %s."
            logger.warning(message, held.type, held.id, extra=facts(held))
        self.worker = None
        for written in (self.held, self.results, self.ends, self.progress):
            written.clear()
        self.refused.forget()

    # -- how it is written -------------------------------------------------------------------------

    def _write_progress(self) -> None:
        progress = {
            held.job(): progress
            for held, progress in self.progress.items()
            if held not in self.results and held not in self.ends
        }
        if progress:
            with bounded_statement():
                Job.objects.report(progress)
        self.progress.clear()

    def _write_ends(self) -> None:
        ends = {held: end for held, end in self.ends.items() if held not in self.refused}
        written, refused = self.writer.end(ends.values())
        self._note(ends, written, refused)

    def _finish_and_claim(self, room: int, free: int, running: Iterable[str]) -> list[Held]:
        self.frees = False
        room = min(room, AMONG_SUSPECTS if self.meets_suspects else self.turns.rows)
        results = self._next_results()
        if not results and not room:
            return []
        try:
            turned = self._turn(results, room, free, running)
        except (DataError, IntegrityError):
            self._finish_apart(results)
            return []
        except OperationalError as error:
            if not has_too_many(error, self.turns, max(len(results), room)):
                raise
            self.frees = True  # there may be more to claim
            return []
        self.turns.was_in_time()
        self.meets_suspects = any(held.is_suspect for held in turned.claimed)
        self.frees = turned.frees or self.meets_suspects
        if free and turned.claimed:
            self.named = {*running, *(held.id for held in turned.claimed[:free])}
        return turned.claimed

    def _next_results(self) -> dict[Held, str | None]:
        """As many as one statement may carry."""
        ready = ((held, it) for held, it in self.results.items() if held not in self.refused)
        return dict(next(pieces(ready, lambda one: len(one[1] or ""), self.turns.rows), []))

    def _turn(
        self, results: dict[Held, str | None], room: int, free: int, running: Iterable[str]
    ) -> Turned:
        assert self.worker is not None
        ask = partial(
            turn, self.choice, self.worker.pk, results, room=room, free=free, running=running
        )
        try:
            with bounded_statement():
                turned = ask(skip_locked=self.passes_over)
        except OperationalError as error:
            if not (results and isinstance(error.__cause__, LockNotAvailable)):
                raise
            with bounded_statement():
                turned = ask(skip_locked=True)
        self.passes_over = False
        self.writer.unsettled.update(turned.awaited)
        self._note(results, turned.finished, {held.id for held in results} - turned.finished)
        return turned

    def _finish_apart(self, results: dict[Held, str | None]) -> None:
        """One of them cannot be stored: that one fails, and the others finish."""
        until, left = time_limit(), [list(results)]
        while left and time.monotonic() < until:
            piece = left.pop(0)
            try:
                self._turn({held: results[held] for held in piece}, 0, 0, ())
            except (DataError, IntegrityError) as error:
                left[:0] = halves(piece)
                if len(piece) == 1:
                    del self.results[piece[0]]
                    self.fail(piece[0], Failure.of(error, repeatable=False))
            except OperationalError as error:
                if not has_too_many(error, self.turns, len(piece)):
                    raise
                left[:0] = halves(piece)

    def _note(self, outcomes: Iterable[Held], written: set[str], refused: set[str]) -> None:
        """Forget what is written, and what is not ours to write; set aside what was refused."""
        self._settled([held for held in outcomes if held.id in written])
        if missing := {held for held in outcomes if held.id in refused}:
            lost = taken_over(missing)
            self.stale += report_dropped(lost)
            self._settled(lost)
            self.refused.add(missing - lost)

    def _settled(self, done: Iterable[Held]) -> None:
        for held in done:
            if self.held.get(held.id) is held:
                del self.held[held.id]
            self.results.pop(held, None)
            self.ends.pop(held, None)

    def _adopt(self, held: Held) -> None:
        self.held[held.id] = held
        self.release(held)
