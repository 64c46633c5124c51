"""What wakes the supervisor's loop when a signal comes, and remembers which came."""

import signal
import socket
import time
from contextlib import suppress
from math import inf
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)


class Bell:
    """Rung by every signal. The first that asks to end starts the grace, the second ends it."""

    def __init__(self, grace: float) -> None:
        self.grace = grace
        self.signals: list[int] = []
        self.stop_at = inf  # by time.monotonic(): when the grace is over

    def hang(self) -> None:
        """Catch the signals; a SIGCHLD is only there to ring."""
        self._ring, self._hear = socket.socketpair()
        for end in (self._ring, self._hear):
            end.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._ring.fileno(), warn_on_full_buffer=False)
        caught = (*ENDING, signal.SIGCHLD)
        self._before = {number: signal.signal(number, self._on_signal) for number in caught}

    def take_down(self) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self.close()

    def close(self) -> None:
        """In a new process, this is all: it sets its own signals."""
        self._ring.close()
        self._hear.close()

    def fileno(self) -> int:
        return self._hear.fileno()

    def silence(self) -> None:
        with suppress(BlockingIOError):
            self._hear.recv(4096)

    @property
    def in_haste(self) -> bool:
        return len(self.signals) > 1

    @property
    def exit_code(self) -> int:
        return 128 + self.signals[1] if self.in_haste else 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGCHLD:
            return
        self.signals.append(number)
        if len(self.signals) == 1:
            self.stop_at = time.monotonic() + self.grace
