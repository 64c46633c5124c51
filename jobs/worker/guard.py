"""The guard: a small process that kills the children when their worker no longer can.

It is told which process groups there are and until when the worker's lease is good. At the end of
its pipe (the worker died) and at that moment (the worker is stopped, blocked or cut off from the
database) it kills the groups, so that no job runs here that may run elsewhere.
"""

import contextlib
import logging
import os
import select
import signal
import time
from collections.abc import Callable

from jobs.worker.bell import ENDING

logger = logging.getLogger("jobs.worker")


class Guard:
    """The supervisor's end."""

    def __init__(self, close_inherited: Callable[[], None]) -> None:
        self._close_inherited = close_inherited
        self._groups: set[int] = set()
        self._until = time.monotonic() + 3600
        self._pipe: int | None = None
        self.pid = 0  # while there is none
        self._start()

    def _start(self) -> None:
        there, self._pipe = os.pipe()
        try:
            pid = os.fork()
        except OSError:
            os.close(there)
            raise
        if pid == 0:
            self.leave()
            become_guard(there, self._close_inherited)
        self.pid = pid
        os.close(there)
        self._tell(f"until {self._until}", *(f"watch {group}" for group in self._groups))

    def watch(self, group: int) -> None:
        self._groups.add(group)
        self._tell(f"watch {group}")

    def forget(self, group: int) -> None:
        self._groups.discard(group)
        self._tell(f"forget {group}")

    def lease_ends(self, at: float) -> None:
        """Children may live until this moment of time.monotonic(), which all processes share."""
        self._until = at
        self._tell(f"until {at}")

    def replace_if_dead(self) -> None:
        """Nobody should kill it; but if somebody did, the children must not be without."""
        if (before := self.pid) and not has_ended(before):
            return
        self.leave()
        self.pid = 0
        try:
            self._start()
        except OSError as error:  # no more processes or files: tried again at each look
            if before:
                logger.error("The guard cannot be replaced yet: %s", error)

    def dismiss(self) -> None:
        """End it; it kills what it still watches."""
        self.leave()
        if self.pid:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)

    def leave(self) -> None:
        """Close this end of the pipe."""
        if self._pipe is not None:
            os.close(self._pipe)
        self._pipe = None

    def _tell(self, *lines: str) -> None:
        # It is gone: replace_if_dead() tells its successor everything.
        with contextlib.suppress(BrokenPipeError):
            if self._pipe is not None:
                os.write(self._pipe, "".join(f"{line}\n" for line in lines).encode())


def has_ended(pid: int) -> bool:
    """Whether a process of ours has; it is reaped then."""
    try:
        return os.waitpid(pid, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True


def become_guard(pipe: int, close_inherited: Callable[[], None]) -> None:
    """The guard's whole life, in its own process."""
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        close_inherited()
        stand_guard(pipe)
    finally:
        os._exit(0)


def stand_guard(pipe: int) -> None:
    groups: set[int] = set()
    until, rest = time.monotonic() + 3600, b""
    while True:
        readable, _, _ = select.select([pipe], [], [], max(0, until - time.monotonic()))
        if not readable:
            kill(groups)
            until = time.monotonic() + 3600
            continue
        received = os.read(pipe, 65536)
        if not received:
            return kill(groups)
        *lines, rest = (rest + received).split(b"\n")
        for word, value in (line.split() for line in lines):
            if word == b"watch":
                groups.add(int(value))
            elif word == b"forget":
                groups.discard(int(value))
            else:
                until = float(value)


def kill(groups: set[int]) -> None:
    for group in groups:
        # And its leader by itself, for a handler may have taken it to another group.
        for kill_it in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill_it(group, signal.SIGKILL)
    groups.clear()
