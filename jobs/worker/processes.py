"""The processes that are children of this one, as the system knows them."""

import contextlib
import os
import signal
import time
from pathlib import Path

# Whether one has ended, without taking leave of it: until that its number is nobody else's.
WATCH = os.WEXITED | os.WNOHANG | os.WNOWAIT


def has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, WATCH) is not None


def ends(pid: int, *, within: float) -> bool:
    """Wait so many seconds for it."""
    give_up = time.monotonic() + within
    while not (ended := has_ended(pid)) and time.monotonic() < give_up:
        time.sleep(0.001)
    return ended


def manner(end: os.waitid_result) -> str:
    """'its process was ended by SIGKILL'."""
    if end.si_code == os.CLD_EXITED:
        return f"its process ended with exit code {end.si_status}"
    with contextlib.suppress(ValueError):
        return f"its process was ended by {signal.Signals(end.si_status).name}"
    return f"its process was ended by signal {end.si_status}"


def reap_adopted(*, known: set[int]) -> None:
    """Take leave of those that ended and that nobody here has started.

    What is of our own group is not theirs: somebody in this process may wait for it.
    """
    with contextlib.suppress(ChildProcessError):  # there is none at all
        end = os.waitid(os.P_ALL, 0, WATCH)
        if end is None or end.si_pid in known:
            return
        for pid in {end.si_pid, *children()} - known:
            with contextlib.suppress(ProcessLookupError):
                if os.getpgid(pid) != os.getpgid(0):
                    os.waitpid(pid, os.WNOHANG)


def children() -> set[int]:
    try:
        return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
    except OSError:  # the system does not tell
        return set()
