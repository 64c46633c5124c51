"""Locks on files. The kernel gives them back when their holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import OperationalError

SHARED, EXCLUSIVE = fcntl.LOCK_SH, fcntl.LOCK_EX
PATIENCE_SECONDS = 60.0


@contextmanager
def held(path: Path, mode: int, *, seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the lock, or say after so many seconds that somebody else does."""
    file = _open(path)
    try:
        _wait_for(file, mode, path, seconds)
        yield
    finally:
        # Closing is not enough: a child forked meanwhile shares the lock, and would keep it.
        fcntl.flock(file, fcntl.LOCK_UN)
        os.close(file)


def take(path: Path) -> int | None:
    """The open file that holds the lock as long as any process has it open; None if it is taken."""
    file = _open(path)
    if _try(file, EXCLUSIVE):
        return file
    os.close(file)
    return None


def _open(path: Path) -> int:
    # Reading is enough to lock, so that root and the owner of a folder can share it.
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)


def _wait_for(file: int, mode: int, path: Path, seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while not _try(file, mode):
        if time.monotonic() > give_up:
            raise OperationalError(
                f"Another process has held {path} for {seconds:g} s: it is starting or stopping"
                f" the private PostgreSQL. Wait for it or end it, then try again."
            )
        time.sleep(0.02)


def _try(file: int, mode: int) -> bool:
    try:
        fcntl.flock(file, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
