"""Whether a process is still there."""

import psutil


def alive(pid: int | None) -> bool:
    """True if it could still do something: not for one that ended and was only not reaped."""
    try:
        return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
