"""What runs as a child ends: the exit handlers that its jobs registered, none of its parent's."""

import atexit
import logging
import os
import sys
from contextlib import suppress
from typing import Any

logger = logging.getLogger("jobs.child")

TIME = 2.0  # seconds that they are given


def end_before_those_of_the_parent() -> None:
    """To be called as a child begins: what is registered last runs first."""
    atexit.register(end)


def run() -> None:
    """Run them, and end."""
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = log
    atexit._run_exitfuncs()


def end() -> None:
    try:
        flush_sentry()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:  # a handler may have closed them
        os._exit(0)


def flush_sentry() -> None:
    """Its own exit handler is the parent's, for that is where the project sets it up."""
    if sentry := sys.modules.get("sentry_sdk"):
        with suppress(Exception):
            sentry.flush(timeout=TIME)


def log(unraisable: Any) -> None:
    """Say what an exit handler raised: nobody is left to catch it."""
    error = unraisable.exc_value
    logger.error("An exit handler failed: %r", unraisable.object, exc_info=error)
