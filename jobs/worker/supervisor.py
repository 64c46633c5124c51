"""The supervisor: one loop that claims jobs, hands them to children and writes how they ended.

It never runs a handler, has no thread, and waits in one place only, for whatever comes first: a
word from a child, a signal, a notification, or the next thing that is due at a certain time. Only
while its children have plenty to do does it rest for a moment, to hear more of them at once.
"""

import logging
import math
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connections

from jobs.conf import conf
from jobs.worker.bell import Bell
from jobs.worker.console import Console
from jobs.worker.hands import Hands
from jobs.worker.held import Held
from jobs.worker.ledger import Ledger, LifeOver
from jobs.worker.line import open_as
from jobs.worker.listener import Listener
from jobs.worker.outage import Outage
from jobs.worker.turn import Choice

logger = logging.getLogger("jobs.worker")

LONGEST_NAP = 0.005  # seconds
A_MOMENT = 0.1  # seconds after which it is sure that a worker is believed dead


class Supervisor:
    """A worker. `choice` says what it may claim, `types` are those it can run."""

    def __init__(
        self,
        choice: Choice,
        *,
        types: list[str],
        slots: int = 2,
        poll: float = 5,
        grace: float = 30,
        until_empty: bool = False,
        max_jobs: int | None = None,
        on_beat: Callable[[], None] = lambda: None,
        console: Console | None = None,
    ) -> None:
        self.slots, self.poll, self.until_empty = slots, poll, until_empty
        self.left = math.inf if max_jobs is None else max_jobs
        self.on_beat, self.console = on_beat, console or Console()
        self.ledger = Ledger(slots=slots, types=types, choice=choice)
        self.listener, self.bell = Listener(), Bell(grace)
        self.outage = Outage()
        self.hungry, self.polled, self.drained = True, False, False
        # Moments of time.monotonic().
        self.beat_at = self.look_at = self.poll_at = 0.0
        self.sweep_at = self.life_ends = math.inf

    # -- the loop ----------------------------------------------------------------------------------

    def run(self) -> int:
        """Work until told to stop, or until there is no more to do; return the exit code."""
        with self._equipped():
            while not self._done():
                self.step()
            self._leave()
        return self.bell.exit_code

    def step(self) -> None:
        """Wait for something to happen, then do all there is to do."""
        self._wait()
        self.hands.reap()
        self._keep_time()
        self._talk()
        self._hand_out()
        self.console.draw()

    def _hand_out(self) -> None:
        """Give the children what they can have; a long job among them is named to the database."""
        given = self.hands.backlog.hand_out()
        if any(not self.hands.backlog.may_wait(held) for held in given if not self._is_named(held)):
            self.beat_at = 0.0

    def _is_named(self, held: Held) -> bool:
        """Whether the worker's row says already that it runs."""
        return held.id in self.ledger.named

    def _wait(self) -> None:
        self._hear(self._next_moment() - time.monotonic())
        if self.hungry and (nap := self.hands.backlog.can_wait()):
            # What busy children say is heard, written and replaced together.
            time.sleep(min(nap, LONGEST_NAP))
            self._hear(0.0)

    def _hear(self, timeout: float) -> None:
        for key, _ in self.selector.select(min(max(0.0, timeout), 60.0)):
            key.data()

    def _next_moment(self) -> float:
        jobs = min(self.look_at, self.sweep_at, self.poll_at, self.ledger.refused.retry_at)
        if self.ledger.has_news or (self.hungry and self._room()):
            jobs = 0.0
        database = min(self.beat_at, max(jobs, self.outage.jobs_until))
        own = (self.hands.next_moment(), self.life_ends, self.bell.stop_at)
        return min(max(database, self.outage.until), *own, self.console.next_moment())

    def _done(self) -> bool:
        if self.bell.in_haste:
            return True
        if not self.hands.are_idle:
            return False
        if self.bell.signals:
            return True
        nothing_left = self.left <= 0 or (self.until_empty and self.drained)
        return nothing_left and not self.ledger.held

    # -- time --------------------------------------------------------------------------------------

    def _keep_time(self) -> None:
        now = time.monotonic()
        if now >= self.life_ends:
            self._begin_again()
        self.hands.keep_time(now, stop_at=self.bell.stop_at)
        if self.bell.signals:
            self.hands.put_back_what_waits()
        else:
            self.hands.fill(self.slots)

    def _begin_again(self) -> None:
        """Others may have our jobs: begin as a new worker."""
        self.hands.lose()
        self.ledger.lose()
        self.life_ends, self.beat_at = math.inf, 0.0

    # -- the database ------------------------------------------------------------------------------

    def _talk(self) -> None:
        """Say what there is to say, the heartbeat before everything else.

        Each part is bounded in time, and none begins when the next heartbeat is due. What happens
        to the table of jobs keeps the worker from its jobs, but not from saying that it lives.
        """
        try:
            if time.monotonic() >= self.outage.until:
                self._beat(time.monotonic())
            for part in (self._turn, self._listen, self._look, self._look_after_others, self._poll):
                now = time.monotonic()
                if now >= self.beat_at or now < self.outage.jobs_until:
                    return
                part(now)
        except LifeOver:
            self._begin_again()
        except (DatabaseError, InterfaceError) as error:
            self.outage.begin(error)
        else:
            self.outage.end()

    def _beat(self, now: float) -> None:
        if now < self.beat_at:
            return
        next_death = math.inf
        if self.ledger.worker:
            next_death = self.ledger.beat(running=self._running())
        else:
            self.ledger.enlist()
            self.look_at = now
        self.beat_at = now + conf().heartbeat.total_seconds()
        if next_death > 0:  # what it held is not to wait for the rest of a heartbeat
            self.beat_at = min(self.beat_at, now + next_death + A_MOMENT)
        self.on_beat()
        # From before the request: the children are gone when their worker is not believed alive.
        self.life_ends = now + conf().children_until.total_seconds()
        self.hands.pool.guard.lease_ends(self.life_ends)
        if self.ledger.others.need_it:
            self.sweep_at = now
        if self.ledger.held:
            self.look_at = now  # somebody may want one of them to be cancelled

    def _running(self) -> list[str]:
        """The ids of the jobs whose handlers have begun."""
        return [slot.job.id for slot in self.hands.pool.busy() if slot.job]

    def _look(self, now: float) -> None:
        if now < self.look_at:
            return
        # Idle, at every other heartbeat.
        self.look_at = now + 2 * conf().heartbeat.total_seconds()
        if cancelled := self.ledger.look():
            self.hands.cancel(cancelled)
        if self.ledger.others.need_it:
            self.sweep_at = now

    def _look_after_others(self, now: float) -> None:
        if now >= self.sweep_at:
            # Set before: one that fails is not tried again at once, in everything else's place, but
            # when the next heartbeat finds the same.
            self.sweep_at = math.inf
            if self.ledger.others.look_after():
                self.sweep_at = now

    def _poll(self, now: float) -> None:
        if now < self.poll_at:
            return
        self.poll_at = now + self.poll
        finds, again_in = self.ledger.poll()
        self.poll_at, self.polled = min(self.poll_at, now + again_in), True
        # Without room it looks again once there is some, as nobody may tell what comes till then.
        self.hungry = self.hungry or finds or not self._room()
        self.drained = not self.hungry

    def _turn(self, now: float) -> None:
        """Write how jobs ended and claim new ones; at high load both come in batches."""
        room = self._room()
        idle = now < self.ledger.refused.retry_at and not self.ledger.has_news
        if idle and not (self.hungry and room):
            return
        self.poll_at = now if self.ledger.ends else self.poll_at  # what failed may be due soon
        free = self.hands.backlog.free()
        claimed = self.ledger.turn(room, free=free, running=self._running())
        self.hungry = self.ledger.frees or len(claimed) == room
        self.drained = self.polled and room > 0 and not claimed and not self.hungry
        self.left -= len(claimed)
        self.hands.take(claimed)

    def _room(self) -> int:
        """How many jobs may be claimed now."""
        if self.bell.signals or self.ledger.worker is None:
            return 0
        return int(min(self.hands.backlog.room(), self.left))

    def _listen(self, now: float) -> None:
        if self.listener.may_be_cut:
            self._hear_notifications()
        if self.listener.open_if_closed():
            self.selector.register(self.listener, selectors.EVENT_READ, self._hear_notifications)
            self.hungry = True  # something may have been said while nobody listened

    def _hear_notifications(self) -> None:
        said = self.listener.read()
        if self.listener.connection is None:
            self.selector.unregister(self.listener)
        if "work" in said:
            self.hungry = True
        if "cancel" in said:
            self.look_at = 0.0

    # -- beginning and end -------------------------------------------------------------------------

    @contextmanager
    def _equipped(self) -> Iterator[None]:
        open_as("worker")
        connections.close_all()
        self.bell.hang()
        self.selector = selectors.PollSelector()
        self.selector.register(self.bell, selectors.EVENT_READ, self.bell.silence)
        self.hands = Hands(self.ledger, self.console, self.selector, self._close_inherited)
        try:
            yield
        finally:
            self.hands.dismiss()
            self.bell.take_down()
            self.listener.close()
            connections.close_all()

    def _close_inherited(self) -> None:
        self.bell.close()
        self.listener.leave_inherited()

    def _leave(self) -> None:
        """Put back what was not finished."""
        self.hands.leave()
        self.ledger.leave()
        self.hands.see_off(hurried=lambda: self.bell.in_haste)
