"""The children at work: what each is given, what it says, and how it is stopped."""

import logging
import os
import selectors
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from jobs.conf import conf
from jobs.outcome import CANCELLED, Failure
from jobs.stops import Reason
from jobs.worker import frames
from jobs.worker.backlog import Backlog
from jobs.worker.console import STOPS, WAITED, Console
from jobs.worker.debugging import give_terminal_to
from jobs.worker.held import Held
from jobs.worker.ledger import Ledger
from jobs.worker.pool import Pool, Slot, killed

logger = logging.getLogger("jobs.worker")


class Hands:
    """Whatever becomes of a job here, the ledger is told once."""

    def __init__(
        self,
        ledger: Ledger,
        console: Console,
        selector: selectors.BaseSelector,
        close_inherited: Callable[[], None],
    ) -> None:
        self.ledger, self.console, self.selector = ledger, console, selector
        self.pool = Pool(close_inherited, relay_logs=console.relays_logs)
        self.backlog = Backlog(lambda: self.pool.slots)
        self.stopping = False

    @property
    def are_idle(self) -> bool:
        return not (self.pool.busy() or self.backlog.jobs)

    def next_moment(self) -> float:
        """When one of them has to be looked at."""
        moments = [slot.next_moment() for slot in self.pool.slots]
        return min([self.backlog.overdue_at, *moments, *(s.leave_by for s in self.pool.leaving)])

    def fill(self, slots: int) -> None:
        """Fork as many as there should be."""
        while len(self.pool.slots) < slots:
            try:
                slot = self.pool.fork()
            except OSError as error:  # no more processes or memory: with fewer, until there are
                logger.warning("A child cannot be forked: %s.", error)
                break
            self.selector.register(slot.results, selectors.EVENT_READ, lambda s=slot: self._hear(s))

    def take(self, claimed: list[Held]) -> None:
        """These are to be run."""
        for held in claimed:
            self.console.claimed(held)
        self.backlog.add(claimed)

    def reap(self) -> None:
        for slot, how in self.pool.dead():
            self._remove(slot, otherwise=how)
        for slot in self.pool.left():
            self._remove(slot)
        self.pool.guard.replace_if_dead()
        self.pool.reap_adopted()

    def keep_time(self, now: float, *, stop_at: float) -> None:
        """End what is out of time; let nothing wait behind what turns out to be long."""
        for slot in self.pool.busy():
            if now >= min(slot.kill_at, stop_at):
                self._remove(slot, release=True)
            elif now >= slot.deadline:
                self._ask(slot, "timeout")
            elif now >= slot.reclaim_at:
                self._reclaim(slot)
        if now >= self.backlog.overdue_at:
            self._release(self.backlog.take_all(), WAITED)

    def put_back_what_waits(self) -> None:
        """All that was claimed and has not begun, for the worker stops."""
        self.stopping = True
        for slot in self.pool.busy():
            self._reclaim(slot)
        self._release(self.backlog.take_all(), STOPS)

    def cancel(self, ids: set[str]) -> None:
        for slot in self.pool.busy():
            if ids & {held.id for held in slot.given.values()}:
                self._reclaim(slot)
            if slot.job and slot.job.id in ids:
                self._ask(slot, "cancelled")
        for held in [held for held in self.backlog.jobs if held.id in ids]:
            self.backlog.jobs.remove(held)
            self.ledger.fail(held, CANCELLED)

    def lose(self) -> None:
        """Others may have our jobs: end all children, and forget."""
        for slot in list(self.pool.slots):
            self._remove(slot, otherwise="its worker lost its lease")
        self.backlog.take_all()

    def leave(self) -> None:
        """Let all children go, and put back what they had: who still has a job is killed."""
        for slot in list(self.pool.slots):
            if slot.job is None:
                self._let_leave(slot)
            else:
                self._remove(slot, release=True)
        self._release(self.backlog.take_all(), STOPS)

    def see_off(self, *, hurried: Callable[[], bool]) -> None:
        """Wait for those that were let go, unless this says to hurry."""
        while self.pool.leaving and not hurried():
            self.reap()
            time.sleep(0.005)

    def dismiss(self) -> None:
        """Whatever happened, nobody is left behind."""
        for slot in [*self.pool.slots, *self.pool.leaving]:
            self.pool.remove(slot)
            slot.close()
        self.pool.guard.dismiss()

    # -- what they say -----------------------------------------------------------------------------

    def _hear(self, slot: Slot) -> None:
        for frame in slot.lines.read():
            self._heed(slot, frame)
        if slot.lines.ended:  # it has no more to say, even if it lives; reaping it does the rest
            self._ignore(slot)
            slot.kill()
            return
        if slot.said_worn:  # it has not begun what it was given, and will not
            self._reclaim(slot)
        if slot.job is None and (slot.was_asked or slot.is_worn):
            # Whatever an interrupted handler left behind goes with its process.
            self._let_leave(slot)

    def _heed(self, slot: Slot, frame: frames.Frame | frames.Ended) -> None:
        if isinstance(frame, frames.Ended):
            if held := slot.ended(frame.number, worn=frame.worn):
                self._returned(held, frame)
        elif frame["what"] == "failed":
            if held := slot.ended(frame["number"], worn=frame["worn"]):
                self._failed(held, frame)
        elif frame["what"] == "put_back":
            if held := slot.ended(frame["number"], worn=frame["worn"]):
                self._put_back(held, frame)
        elif frame["what"] == "log":
            self.console.log(frame)
        elif (held := slot.job) is None or frame["number"] != slot.number:
            pass  # of a job that is over, by a thread that it left
        elif frame["what"] == "debugging":
            slot.is_debugged = True
            self.console.hush()
        else:
            self.ledger.progress[held] = frame["progress"]
            self.console.progress(held, frame["progress"])

    def _returned(self, held: Held, ended: frames.Ended) -> None:
        self.backlog.pace.note(held.type, ended.seconds)
        self.console.finished(held, ended.result)
        if ended.written:
            self.ledger.forget(held)
        else:
            self.ledger.finish(held, ended.result)

    def _failed(self, held: Held, frame: frames.Frame) -> None:
        self.backlog.pace.note(held.type, frame["seconds"])
        failure = frames.failure(frame)
        if failure.by_sigterm and self.stopping:
            self._release([held], STOPS)
            return
        self.console.failed(held, failure)
        self.ledger.fail(held, failure)

    def _put_back(self, held: Held, frame: frames.Frame) -> None:
        how = frames.put_back(frame)
        self.console.put_back(held, how.reason)
        self.ledger.put_back(held, how.wait)

    # -- how they end ------------------------------------------------------------------------------

    def _remove(self, slot: Slot, *, otherwise: str = "", release: bool = False) -> None:
        """Kill a child; its last word says how its job ended, else why it was killed, else this."""
        self._ignore(slot)
        for frame in self.pool.remove(slot):
            self._heed(slot, frame)
        self._reclaim(slot)
        slot.close()
        if (held := slot.job) is None:
            return
        if slot.asked:
            failure = replace(killed(held, slot.asked), log=slot.tail.read())
            self.console.failed(held, failure)
            self.ledger.fail(held, failure)
        elif release:
            self._release([held], STOPS)
        else:
            self.console.failed(held, Failure("crashed", otherwise))
            self.ledger.rescue(held, otherwise, slot.tail.read())

    def _let_leave(self, slot: Slot) -> None:
        self._ignore(slot)
        self.pool.let_leave(slot)

    def _ask(self, slot: Slot, reason: Reason) -> None:
        # What was to follow in this process does not.
        self._reclaim(slot)
        slot.ask(reason, kill_after=conf().kill_after)

    def _reclaim(self, slot: Slot) -> None:
        """What it has not begun is for another."""
        self.backlog.put_back(slot.take_back())

    def _release(self, jobs: list[Held], why: str) -> None:
        for held in jobs:
            self.console.released(held, why)
            self.ledger.release(held)

    def _ignore(self, slot: Slot) -> None:
        """Hear no more of it, and take back what it was lent."""
        if slot.is_debugged:
            with suppress(OSError):  # it was closed
                give_terminal_to(os.getpgid(0))
        if slot.results in self.selector.get_map():
            self.selector.unregister(slot.results)
