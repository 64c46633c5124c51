"""The children, seen from the supervisor: forked, given orders, asked to stop, killed."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import timedelta

from jobs.conf import conf
from jobs.models import Job
from jobs.outcome import CANCELLED, Failure
from jobs.registry import job_types
from jobs.stops import Reason
from jobs.worker import frames
from jobs.worker.attempt import may_repeat_timeout, overrun
from jobs.worker.child import STOP_SIGNAL, Child, StopRequest, become_child
from jobs.worker.guard import Guard
from jobs.worker.tail import Tail

UNKNOWN_TYPE_TIMEOUT = timedelta(minutes=5)


class Slot:
    """One child process and the job it runs."""

    def __init__(self, close_inherited: Callable[[], None], *, relay_logs: bool) -> None:
        self.orders, orders = socket.socketpair()
        self.results, results = socket.socketpair()
        alive, self.alive = os.pipe()
        self.request, self.tail = StopRequest(), Tail()
        try:
            self.pid = os.fork()
        except OSError:
            for end in (orders, results):
                end.close()
            os.close(alive)
            self.close()
            raise
        if self.pid == 0:
            self.close()
            child = Child(results, self.request, self.tail, relay_logs=relay_logs)
            become_child(child, orders, alive, close_inherited)
        # Both sides do it, so that neither has to wait for the other.
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(self.pid, self.pid)
        orders.close()
        results.close()
        os.close(alive)
        self.results.setblocking(False)
        self.lines = frames.Lines(self.results)
        self.job: Job | None = None
        self.number = self.memory = 0  # orders so far, and the most bytes it has used
        self.deadline = float("inf")
        self.asked: Reason | None = None
        self.kill_at = float("inf")

    def close(self) -> None:
        self.orders.close()
        self.results.close()
        os.close(self.alive)

    def run(self, job: Job) -> None:
        self.job, self.number = job, self.number + 1
        self.deadline = time.monotonic() + timeout_of(job).total_seconds()
        self.asked, self.kill_at = None, float("inf")
        # If it is gone, reaping it tells; then the job is rescued like any other.
        with contextlib.suppress(OSError):
            self.orders.sendall(frames.encode(frames.order(job, self.number)))

    def ask(self, reason: Reason, *, kill_after: timedelta) -> None:
        """Ask the handler to stop; after this time it is killed. Asked once a job."""
        if self.job is None or self.asked:
            return
        self.asked, self.kill_at = reason, time.monotonic() + kill_after.total_seconds()
        self.request.write(self.number, reason)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, STOP_SIGNAL)

    @property
    def is_worn(self) -> bool:
        """Whether a new process should take its place between two jobs."""
        most = conf().child_max_memory_mb
        return self.number >= conf().child_max_jobs or bool(most and self.memory > most * 10**6)

    def kill(self) -> None:
        """The group; and the child by itself, for a handler may have taken it elsewhere."""
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self.pid, signal.SIGKILL)

    def next_moment(self) -> float:
        """When the supervisor has to look at it next."""
        if self.job is None:
            return float("inf")
        return self.kill_at if self.asked else self.deadline


class Pool:
    """All children of one worker, each in a process group that the guard watches."""

    def __init__(self, close_inherited: Callable[[], None], *, relay_logs: bool = False) -> None:
        self._close_inherited, self.relay_logs = close_inherited, relay_logs
        self.slots: list[Slot] = []
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

    def remove(self, slot: Slot) -> list[frames.Frame]:
        """Kill what is left of the group; return what the child said last."""
        slot.kill()
        # Reaped last: until then the number of the group cannot be anybody else's.
        os.waitid(os.P_PID, slot.pid, os.WEXITED | os.WNOWAIT)
        self.guard.forget(slot.pid)
        os.waitpid(slot.pid, 0)
        last = slot.lines.drain()
        slot.close()
        self.slots.remove(slot)
        return last

    def _close_in_child(self) -> None:
        self.guard.leave()
        self._close_in_guard()

    def _close_in_guard(self) -> None:
        """In a new process: let go of what belongs to the supervisor alone."""
        for slot in self.slots:
            slot.close()
        self._close_inherited()


WATCH = os.WEXITED | os.WNOHANG | os.WNOWAIT


def manner(end: os.waitid_result) -> str:
    """'its process was ended by SIGKILL'."""
    if end.si_code == os.CLD_EXITED:
        return f"its process ended with exit code {end.si_status}"
    with contextlib.suppress(ValueError):
        return f"its process was ended by {signal.Signals(end.si_status).name}"
    return f"its process was ended by signal {end.si_status}"


def timeout_of(job: Job) -> timedelta:
    return job_types[job.type].timeout if job.type in job_types else UNKNOWN_TYPE_TIMEOUT


def killed(job: Job, reason: Reason) -> Failure:
    """Why a job ended whose process had to be killed."""
    if reason == "cancelled":
        return CANCELLED
    message = f"{overrun(timeout_of(job))} It did not stop when asked and was killed."
    return Failure("timeout", message, repeatable=may_repeat_timeout(job.type))
