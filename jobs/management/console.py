"""What shows a worker's doings to whoever started it."""

import logging
import sys

from jobs.worker.console import Console, is_on_screen

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def console() -> Console:
    """For a terminal its lines and bars; for anything else the log."""
    show_what_nobody_handles()
    if not sys.stderr.isatty():
        return Console()
    # Not before: most workers have no terminal, and no use for what draws on one.
    from jobs.worker.terminal import Terminal

    return Terminal()


def show_what_nobody_handles() -> None:
    """Where the project's LOGGING gives the root no handler: what jobs do, and every warning.

    Python itself shows a warning that has no handler. But in a child it has one: the last lines of
    a job are kept by a handler of the root.
    """
    root, ours = logging.getLogger(), logging.getLogger("jobs")
    if root.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.addFilter(is_shown_by_nobody_else)
    root.addHandler(handler)
    if ours.level == logging.NOTSET:
        ours.setLevel(logging.INFO)


def is_shown_by_nobody_else(record: logging.LogRecord) -> bool:
    """Whether none of the loggers below the root, on whose way it is, writes it to the screen."""
    logger: logging.Logger | None = logging.getLogger(record.name)
    while logger and logger.parent:
        if any(shows(handler, record) for handler in logger.handlers):
            return False
        logger = logger.parent
    return True


def shows(handler: logging.Handler, record: logging.LogRecord) -> bool:
    return (
        is_on_screen(handler) and record.levelno >= handler.level and bool(handler.filter(record))
    )
