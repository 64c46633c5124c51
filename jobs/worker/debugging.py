"""breakpoint() in a handler: it gets the terminal of its worker, and all the time it takes."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

TERMINAL = 0  # the descriptor of the standard input
PDB = ("", "pdb.set_trace")  # what PYTHONBREAKPOINT is where Python's own debugger is wanted


class Breakpoint:
    """What breakpoint() calls in a child; `announce` tells the worker that a person is asked."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self.announce, self.hook = announce, sys.breakpointhook

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        wanted = os.environ.get("PYTHONBREAKPOINT", "")
        if wanted != "0" and take_terminal():
            self.announce()
        if wanted not in PDB or self.hook is not sys.__breakpointhook__:
            return self.hook(*args, **kwargs)
        # Not by way of the hook, which would stop in here. Imported now: it takes as long as 20
        # children do to start.
        from pdb import Pdb

        Pdb().set_trace(sys._getframe(1))
        return None


def take_terminal() -> bool:
    """Become its foreground, if our worker is: whoever reads in the background is stopped."""
    try:
        ours, foreground = os.getpgid(0), os.tcgetpgrp(TERMINAL)
        if foreground not in (ours, os.getpgid(os.getppid())):
            return False
        give_terminal_to(ours)
    except OSError:  # there is none
        return False
    return True


def give_terminal_to(group: int) -> None:
    """Whoever is not its foreground has to block the signal that this sends, or is stopped."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        os.tcsetpgrp(TERMINAL, group)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
