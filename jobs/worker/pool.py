"""The children, seen from the supervisor: forked, given orders, asked to stop, killed."""

import contextlib
import errno
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import timedelta

from jobs.conf import conf
from jobs.outcome import CANCELLED, Failure
from jobs.registry import job_types
from jobs.stops import Reason
from jobs.worker import exit_handlers, frames
from jobs.worker.attempt import may_repeat_timeout, overrun
from jobs.worker.child import STOP_SIGNAL, Child, StopRequest, become_child
from jobs.worker.guard import Guard
from jobs.worker.held import Held
from jobs.worker.pace import LONG
from jobs.worker.processes import WATCH, ends, has_ended, manner, reap_adopted
from jobs.worker.tail import Tail

logger = logging.getLogger("jobs.worker")

UNKNOWN_TYPE_TIMEOUT = timedelta(minutes=5)
# Seconds that a killed process may take to end. What waits for a disk or a network file may take
# for ever, and never comes back to the code of a handler.
LONGEST_DEATH = 1.0
INFINITY = float("inf")
# What a system answers where there is no room for a packet: macOS says ENOBUFS.
FULL = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS}


class Slot:
    """One child process, the job it runs, and those that it was given to run next."""

    def __init__(self, close_inherited: Callable[[], None], *, relay_logs: bool) -> None:
        # Both ends: what the child has not read can be taken back.
        self.orders, self.unread = packets()
        self.results, results = socket.socketpair()
        alive, self.alive = os.pipe()
        self.request, self.tail = StopRequest(), Tail()
        try:
            self.pid = os.fork()
        except OSError:
            results.close()
            os.close(alive)
            self.close()
            raise
        if self.pid == 0:
            orders = self.unread.dup()
            self.close()
            child = Child(results, self.request, self.tail, relay_logs=relay_logs)
            become_child(child, orders, alive, close_inherited)
        # Both sides do it, so that neither has to wait for the other.
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(self.pid, self.pid)
        results.close()
        os.close(alive)
        self.results.setblocking(False)
        self.lines = frames.Lines(self.results)
        # By the number of the order; the first one runs.
        self.given: dict[int, Held] = {}
        self.orders_given, self.said_worn, self.is_debugged = 0, False, False
        self.began = self.kill_at = self.leave_by = INFINITY
        # To stop what it runs; and whether it ever was.
        self.asked: Reason | None = None
        self.was_asked = False

    def close(self) -> None:
        self.orders.close()
        self.unread.close()
        self.results.close()
        os.close(self.alive)

    @property
    def job(self) -> Held | None:
        """What it runs."""
        return next(iter(self.given.values()), None)

    @property
    def number(self) -> int:
        """Of the order for it; 0 if it runs nothing."""
        return next(iter(self.given), 0)

    def give(self, held: Held) -> bool:
        """False if there is no room for the order."""
        number = self.orders_given + 1
        try:
            self._send(held, number)
        except OSError as error:
            if error.errno in FULL:
                return False
            # It is gone, and reaping it tells; then the job is rescued like any other.
        self.orders_given = number
        self.given[number] = held
        if len(self.given) == 1:
            self._next_begins()
        return True

    def _send(self, held: Held, number: int) -> None:
        try:
            self.orders.send(frames.order(held, number), socket.MSG_DONTWAIT)
        except OSError as error:
            if error.errno != errno.EMSGSIZE:
                raise
            # Some systems take small packets only: the child reads the data from the row.
            order = frames.order(held, number, most_data=0)
            self.orders.send(order, socket.MSG_DONTWAIT)

    def ended(self, number: int, *, worn: bool) -> Held | None:
        """The first is done, and the next begins; None if the first is another."""
        if number != self.number:
            return None
        held, self.said_worn = self.given.pop(number), worn
        self._next_begins()
        return held

    def take_back(self) -> list[Held]:
        """Those that it has not begun, in their order. Each packet is read by one of us."""
        back: list[int] = []
        while len(self.given) > len(back):
            try:
                packet = self.unread.recv(frames.LARGEST_PACKET, socket.MSG_DONTWAIT)
            except OSError:
                break
            if not packet:
                break
            back.append(frames.number_of(packet))
        return [self.given.pop(number) for number in back]

    def _next_begins(self) -> None:
        self.asked, self.kill_at, self.began = None, INFINITY, time.monotonic()

    @property
    def deadline(self) -> float:
        """Of what it runs; none while a person looks at it."""
        job = self.job
        if job is None or self.is_debugged:
            return INFINITY
        return self.began + timeout_of(job).total_seconds()

    def ask(self, reason: Reason, *, kill_after: timedelta) -> None:
        """Ask the handler to stop; after this time it is killed. Asked once a job."""
        if self.job is None or self.asked:
            return
        self.was_asked = True
        self.asked, self.kill_at = reason, time.monotonic() + kill_after.total_seconds()
        self.request.write(self.number, reason)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, STOP_SIGNAL)

    def let_leave(self) -> None:
        """Close the way by which it gets orders: it runs its exit handlers, and ends."""
        self.leave_by = time.monotonic() + exit_handlers.TIME
        self.orders.close()
        self.unread.close()

    @property
    def is_worn(self) -> bool:
        """Whether a new process should take its place between two jobs."""
        return self.said_worn or self.is_debugged or self.orders_given >= conf().child_max_jobs

    def kill(self) -> None:
        """The group; and the child by itself, for a handler may have taken it elsewhere."""
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self.pid, signal.SIGKILL)

    @property
    def reclaim_at(self) -> float:
        """When what waits behind its job should not wait any more."""
        return self.began + LONG if len(self.given) > 1 else INFINITY

    def next_moment(self) -> float:
        """When the supervisor has to look at it next."""
        if not self.given:
            return INFINITY
        return min(self.kill_at if self.asked else self.deadline, self.reclaim_at)


class Pool:
    """All children of one worker, each in a process group that the guard watches."""

    def __init__(self, close_inherited: Callable[[], None], *, relay_logs: bool = False) -> None:
        self._close_inherited, self.relay_logs = close_inherited, relay_logs
        self.slots: list[Slot] = []
        self.leaving: list[Slot] = []
        self.guard = Guard(self._close_in_guard)

    def fork(self) -> Slot:
        slot = Slot(self._close_in_child, relay_logs=self.relay_logs)
        self.guard.watch(slot.pid)
        self.slots.append(slot)
        return slot

    def free(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.job is None]

    def busy(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.job is not None]

    def dead(self) -> list[tuple[Slot, str]]:
        """The children that ended by themselves, and how."""
        ends = ((slot, os.waitid(os.P_PID, slot.pid, WATCH)) for slot in self.slots)
        return [(slot, manner(end)) for slot, end in ends if end is not None]

    def let_leave(self, slot: Slot) -> None:
        """It has no job and gets none; another takes its place at once."""
        slot.let_leave()
        self.slots.remove(slot)
        self.leaving.append(slot)

    def left(self) -> list[Slot]:
        """Those of the leaving that have ended, or have had the time to."""
        now = time.monotonic()
        return [slot for slot in self.leaving if now >= slot.leave_by or has_ended(slot.pid)]

    def remove(self, slot: Slot) -> list[frames.Frame | frames.Ended]:
        """Kill what is left of the group; return what the child said last.

        What it had not begun can be taken back until the slot is closed.
        """
        slot.kill()
        if not ends(slot.pid, within=LONGEST_DEATH):
            logger.error("Process %d was killed and does not end.", slot.pid)
        self.guard.forget(slot.pid)
        # Reaped last: until then the number of the group cannot be anybody else's.
        os.waitpid(slot.pid, os.WNOHANG)
        (self.leaving if slot in self.leaving else self.slots).remove(slot)
        return slot.lines.drain()

    def reap_adopted(self) -> None:
        """Take leave of what handlers' processes left behind, which comes to process number 1."""
        known = (slot.pid for slot in (*self.slots, *self.leaving))
        reap_adopted(known={self.guard.pid, *known})

    def _close_in_child(self) -> None:
        self.guard.leave()
        self._close_in_guard()

    def _close_in_guard(self) -> None:
        """In a new process: let go of what belongs to the supervisor alone."""
        for slot in (*self.slots, *self.leaving):
            slot.close()
        self._close_inherited()


def packets() -> tuple[socket.socket, socket.socket]:
    """Two ends of a line that keeps its messages apart."""
    try:
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    except OSError:  # macOS has none of these; there the guard ends the children
        ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        # Its packets are of 2 kB at most unless one asks.
        for end in ends:
            for buffer in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                end.setsockopt(socket.SOL_SOCKET, buffer, frames.LARGEST_PACKET)
        return ends


def timeout_of(job: Held) -> timedelta:
    return job_types[job.type].timeout if job.type in job_types else UNKNOWN_TYPE_TIMEOUT


def killed(job: Held, reason: Reason) -> Failure:
    """Why a job ended whose process had to be killed."""
    if reason == "cancelled":
        return CANCELLED
    message = f"{overrun(timeout_of(job))} It did not stop when asked and was killed."
    return Failure("timeout", message, repeatable=may_repeat_timeout(job.type))
