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
NAMES = (
    "working folder",
    "umask",
    "locale of numbers",
    "locale of times",
    "timeout of sockets",
    *(f"handler of {number.name}" for number in SIGNALS),
)


class ProcessState:
    """As it was at one moment, to be compared with what it is after each job."""

    def __init__(self) -> None:
        self.facts, self.variables = facts(), dict(VARIABLES)

    def changes(self) -> str:
        """What is not as it was, in words; nothing if all is."""
        if facts() == self.facts and self.variables == VARIABLES:
            return ""
        pairs = zip(NAMES, self.facts, facts(), strict=True)
        named = [name for name, before, now in pairs if before != now]
        # Not their values, which may be secret.
        changed = dict(self.variables.items() ^ VARIABLES.items())
        return ", ".join([*named, *(f"variable {os.fsdecode(name)}" for name in sorted(changed))])


def facts() -> tuple[Any, ...]:
    """In the order of NAMES. In one piece, for it is asked after each of thousands of jobs."""
    try:
        folder = os.getcwd()
    except OSError:  # it is not there any more
        folder = ""
    # To read it is to set it; for a moment, the stricter one.
    os.umask(umask := os.umask(0o77))
    # All categories together take as long to ask for as everything else here.
    locales = locale.setlocale(locale.LC_NUMERIC), locale.setlocale(locale.LC_TIME)
    return folder, umask, *locales, socket.getdefaulttimeout(), *map(getsignal, NUMBERS)
