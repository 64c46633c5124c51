"""A child: the process in which handlers run, one job at a time."""

import fcntl
import logging
import mmap
import os
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from decimal import getcontext, setcontext
from functools import partial
from types import FrameType
from typing import Any

from jobs.conf import conf
from jobs.outcome import Failure
from jobs.stops import EXCEPTIONS, Reason, Stop, Stopped
from jobs.worker import exit_handlers, frames, line
from jobs.worker.attempt import Outcome, attempt
from jobs.worker.bell import ENDING
from jobs.worker.debugging import Breakpoint
from jobs.worker.held import Held
from jobs.worker.process_state import ProcessState
from jobs.worker.sessions import Sessions
from jobs.worker.tail import Tail

logger = logging.getLogger("jobs.child")

STOP_SIGNAL = signal.SIGUSR1
A_MOMENT, LOOK_EVERY = 0.001, 100  # seconds, and jobs
LONGEST_LINE = 15_000  # characters; longer ones could be cut by an interruption as they are sent
REASONS: list[Reason] = ["timeout", "cancelled"]


class StopRequest:
    """Shared memory in which the supervisor says which order is to stop, and why.

    The number of the order is there so that a request that comes late does not hit the next job.
    """

    layout = struct.Struct("qq")

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, self.layout.size)

    def write(self, number: int, reason: Reason) -> None:
        self.layout.pack_into(self.memory, 0, number, REASONS.index(reason))

    def read(self) -> tuple[int, Reason]:
        number, reason = self.layout.unpack_from(self.memory, 0)
        return number, REASONS[reason]


class Child:
    """The child's own side of things."""

    def __init__(
        self, results: socket.socket, request: StopRequest, tail: Tail, *, relay_logs: bool = False
    ) -> None:
        self.results, self.request, self.tail, self.relay_logs = results, request, tail, relay_logs
        self.number, self.stop, self.sessions = 0, Stop(), Sessions()
        self.decimals = getcontext()
        self.is_worn = False  # whether another process should take its place
        # A thread of the handler may report progress while another word is being sent.
        self.speaking = threading.Lock()

    def serve(self, orders: socket.socket) -> None:
        """Run what is ordered until the supervisor closes its end."""
        mine, packet = os.getpid(), memoryview(bytearray(frames.LARGEST_PACKET))
        self.state = ProcessState()
        while size := orders.recv_into(packet):
            began = time.monotonic()
            number, held = frames.ordered(packet[:size])
            how = self.run(number, held)
            if os.getpid() != mine:  # a handler forked, and its copy came back here
                os._exit(0)
            seconds = time.monotonic() - began
            self.look_for_wear(number, seconds)
            log = self.tail.kept
            self.say(frames.ended(number, how, worn=self.is_worn, seconds=seconds, log=log))
            if self.is_worn:  # what follows is for the process that takes its place
                return

    def look_for_wear(self, number: int, seconds: float) -> None:
        """See what the job has left behind that the next one must not find.

        Memory is not asked for after each short job, which costs as much as the job: what such jobs
        leave behind shows sooner or later.
        """
        if seconds > A_MOMENT or number % LOOK_EVERY == 1:
            self.is_worn = uses_too_much_memory()
        if changed := self.state.changes():
            logger.info("The process of a job is replaced, for the job changed its %s.", changed)
            self.is_worn = True
        if self.sessions.of_threads:
            logger.info("The process of a job is replaced: a thread of it keeps a connection.")
            self.is_worn = True

    def run(self, number: int, held: Held) -> Outcome:
        self.stop = Stop()
        # A thread that outlives its job reports under its own number, not under the next one's.
        report = partial(self.report, number)
        self.tail.clear()
        self.number = number
        try:
            # Language, time zone and the like are set in a context that ends with the job. That of
            # decimal numbers is an object in there, which a handler changes.
            context = copy_context()
            context.run(setcontext, self.decimals.copy())
            how = context.run(attempt, held, self.stop, report=report)
            self.number = 0
        except Stopped:  # it came after the handler had ended, before the line above
            self.number = 0
            how = Failure(self.request.read()[1], "It was asked to stop as it ended.")
        self.sessions.tidy()
        return how

    def report(self, number: int, progress: dict[str, Any]) -> None:
        self.send({"what": "progress", "number": number, "progress": progress})

    def wait_for_a_person(self) -> None:
        self.send({"what": "debugging", "number": self.number})

    def send(self, frame: frames.Frame) -> None:
        self.say(frames.encode(frame))

    def say(self, line: bytes) -> None:
        with self.speaking:
            self.results.sendall(line)

    def on_stop(self, signum: int, frame: FrameType | None) -> None:
        number, reason = self.request.read()
        if number == self.number and number:
            self.stop.reason = reason
            raise EXCEPTIONS[reason]


class Relay(logging.Handler):
    """Lets the supervisor print a child's lines, so that they don't cross its progress bars."""

    def __init__(self, child: Child) -> None:
        super().__init__()
        self.child = child

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = logging.Formatter().format(record)[:LONGEST_LINE]
        except Exception:  # its arguments do not fit: said as elsewhere, and no failure of the job
            self.handleError(record)
            return
        self.child.send({"what": "log", "level": record.levelno, "name": record.name, "text": text})


def become_child(
    child: Child, orders: socket.socket, alive: int, close_inherited: Callable[[], None]
) -> None:
    """The child's whole life, in its own process. `alive` is a pipe held open by the supervisor."""
    try:
        os.setpgid(0, 0)
        die_with(alive)
        reset_signals()
        close_inherited()
        line.leave_inherited()
        line.open_as("child")
        child.sessions.watch()
        if child.relay_logs:
            logging.getLogger().handlers = [Relay(child)]
        logging.getLogger().addHandler(child.tail)
        signal.signal(STOP_SIGNAL, child.on_stop)
        exit_handlers.end_before_those_of_the_parent()
        sys.breakpointhook = Breakpoint(child.wait_for_a_person)
        child.serve(orders)
        exit_handlers.run()
    except BrokenPipeError:  # the supervisor is gone
        pass
    except BaseException:
        logger.exception("A child process failed outside of its jobs.")
        os._exit(1)
    finally:
        exit_handlers.end()


def die_with(pipe: int) -> None:
    """Have the kernel kill this process group when the other end of the pipe closes.

    It works while C code holds the interpreter, and reaches the subprocesses. Linux only;
    elsewhere there is the guard.
    """
    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpid())
        fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)


def reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (*ENDING, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    # An alarm that one job has set and not stopped must not end the process in the next one.
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Some platforms send it to every process, but the grace is the supervisor's to give. Not
    # SIG_IGN, which a subprocess would inherit.
    mine = os.getpid()
    signal.signal(signal.SIGTERM, lambda number, frame: end_unless(mine))


def end_unless(child: int) -> None:
    """What SIGTERM does: nothing in the child itself, the usual in what its handler forked."""
    if os.getpid() != child:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)


def uses_too_much_memory() -> bool:
    most = conf().child_max_memory_mb
    return bool(most and most_memory() > most * 10**6)


def most_memory() -> int:
    """The most bytes that this process has had in memory."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
