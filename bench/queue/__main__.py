"""`python -m bench.queue [section ...]`: the queue beside its peers, on one PostgreSQL.

FULL=1 measures everything, and takes longer.
"""

import argparse
import os
import signal
import sys
import time
from textwrap import fill
from typing import Any

from bench.queue.environments import say
from bench.queue.figures import write
from bench.queue.machine import described
from bench.queue.postgres import FOLDER, PostgreSQL
from bench.queue.ring import Ring
from bench.queue.sections import SECTIONS
from bench.queue.sizes import FULL, SHORT
from bench.queue.systems import SYSTEMS
from bench.queue.table import WIDTH, Line, show

RESULTS = FOLDER / "results.jsonl"
NAMES = [system.name for system in SYSTEMS]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.queue", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help=", ".join(SECTIONS))
    parser.add_argument("--only", default="", metavar="SYSTEM,…", help=", ".join(NAMES))
    options = parser.parse_args()
    only = [name for name in options.only.split(",") if name]
    if unknown := {*options.sections} - {*SECTIONS} | {*only} - {*NAMES}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    # Whoever ends the benchmark ends all that it has started.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    aims = run(options.sections or list(SECTIONS), only)
    if missed := [str(aim) for aim in aims if not aim.met]:
        sys.exit("\n".join([f"{len(missed)} of {len(aims)} targets were missed:", *missed]))
    print(f"None of {len(aims)} targets was missed.")


def end(number: int, _: Any) -> None:
    sys.exit(f"Ended by {signal.Signals(number).name}.")


def run(sections: list[str], only: list[str]) -> list[Line]:
    """Measure these and print each as soon as it is known; return what has a target."""
    size = FULL if os.environ.get("FULL") else SHORT
    FOLDER.mkdir(parents=True, exist_ok=True)
    began, aims = time.strftime("%Y-%m-%dT%H:%M:%S"), []
    postgres = PostgreSQL()
    with Ring(postgres, only, size.rounds) as ring:
        for section in sections:
            say(f"{section} ...")
            if figures := list(SECTIONS[section](ring, size)):
                write(RESULTS, figures, began)
                aims += show(section, figures)
    print(fill(described(postgres), WIDTH))
    return aims


if __name__ == "__main__":
    main()
