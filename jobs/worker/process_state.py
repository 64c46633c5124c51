"""What a handler can change of its process, and the next job would find.

Language, time zone, decimal context and all other context variables are not here: each job has a
context of its own. Nor is what libraries change for good as they are imported, such as the filters
of warnings and the path of modules: the first job of each child would seem to leave it changed.
"""

import locale
import os
import signal
import socket

# As signal.getsignal(), which makes an enum of each answer, in a tenth of the time.
from _signal import getsignal  # type: ignore[import-not-found,unused-ignore]
from collections.abc import Iterator
from typing import Any

SIGNALS = (
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGHUP,
    signal.SIGALRM,
    signal.SIGCHLD,
    signal.SIGPIPE,
    signal.SIGUSR1,
)
NUMBERS = tuple(map(int, SIGNALS))
# Its keys and values as the system has them, which need not be decoded to be compared.
VARIABLES: dict[bytes, bytes] = os.environ._data  # type: ignore[attr-defined]
NAMES = ("working folder", "umask", "locale", "timeout of sockets")


class ProcessState:
    """As it was at one moment, to be compared with what it is after each job."""

    def __init__(self) -> None:
        self.facts, self.handlers, self.variables = facts(), handlers(), dict(VARIABLES)

    def changes(self) -> str:
        """What is not as it was, in words; nothing if all is. An alarm that is set is stopped."""
        signal.alarm(0)
        if facts() == self.facts and handlers() == self.handlers and self.variables == VARIABLES:
            return ""
        return ", ".join(self._named())

    def _named(self) -> Iterator[str]:
        pairs = zip(NAMES, self.facts, facts(), strict=True)
        yield from (name for name, before, now in pairs if before != now)
        signals = zip(SIGNALS, self.handlers, handlers(), strict=True)
        yield from (f"handler of {number.name}" for number, old, new in signals if old != new)
        # Not their values, which may be secret.
        changed = dict(self.variables.items() ^ VARIABLES.items())
        yield from (f"variable {os.fsdecode(name)}" for name in sorted(changed))


def facts() -> tuple[Any, ...]:
    """In the order of NAMES."""
    return folder(), umask(), locale.setlocale(locale.LC_ALL), socket.getdefaulttimeout()


def handlers() -> list[Any]:
    return list(map(getsignal, NUMBERS))


def folder() -> str | None:
    """None if it is not there any more."""
    try:
        return os.getcwd()
    except OSError:
        return None


def umask() -> int:
    """To read it is to set it; for a moment, the stricter one."""
    before = os.umask(0o77)
    os.umask(before)
    return before
