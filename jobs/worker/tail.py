"""The last lines that an attempt logged, where they outlive a killed process."""

import logging
import mmap
import struct
from collections import deque
from contextlib import suppress

LINES, LONGEST_LINE = 20, 500  # kept, and characters of each
SIZE = LINES * LONGEST_LINE * 4  # the most bytes that so many characters take
LENGTH = struct.Struct("I")


class Tail(logging.Handler):
    """Written by the child as its handler logs, read by the supervisor when the job has failed."""

    def __init__(self) -> None:
        super().__init__()
        # What the child says of a failure is the failure.
        self.addFilter(lambda record: record.name != "jobs.child")
        self.memory = mmap.mmap(-1, LENGTH.size + SIZE + LINES)
        self.kept: deque[str] = deque(maxlen=LINES)

    def emit(self, record: logging.LogRecord) -> None:
        # Arguments may not fit, or raise as they are shown. The project's own handlers say so.
        with suppress(Exception):
            text = f"{record.levelname} {record.getMessage()}"[:LONGEST_LINE]
            self.kept.append(text.replace("\n", " "))
            self._write()

    def clear(self) -> None:
        """A new attempt begins."""
        if self.kept:
            self.kept.clear()
            self._write()

    def read(self) -> tuple[str, ...]:
        (length,) = LENGTH.unpack_from(self.memory)
        text = self.memory[LENGTH.size : LENGTH.size + length].decode(errors="replace")
        return tuple(text.split("\n")) if text else ()

    def _write(self) -> None:
        text = "\n".join(self.kept).encode(errors="replace")[: SIZE + LINES]
        # The length last: a process killed in between leaves no line that is half of another.
        LENGTH.pack_into(self.memory, 0, 0)
        self.memory[LENGTH.size : LENGTH.size + len(text)] = text
        LENGTH.pack_into(self.memory, 0, len(text))
