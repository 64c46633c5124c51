"""What shows a worker's doings to whoever started it."""

import sys

from jobs.worker.console import Console


def console() -> Console:
    """For a terminal its lines and bars; for anything else the log."""
    if not sys.stderr.isatty():
        return Console()
    # Not before: most workers have no terminal, and no use for what draws on one.
    from jobs.worker.terminal import Terminal

    return Terminal()
