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

import psycopg
from django.core.exceptions import ImproperlyConfigured

from bench.queue.environments import say
from bench.queue.figures import write
from bench.queue.machine import described
from bench.queue.postgres import FOLDER, PostgreSQL
from bench.queue.ring import Ring
from bench.queue.sections import SECTIONS, usual
from bench.queue.sizes import FULL, SHORT
from bench.queue.summary import summarise, verdict
from bench.queue.systems import SYSTEMS
from bench.queue.table import WIDTH, Line, show

RESULTS = FOLDER / "results.jsonl"
NAMES = [system.name for system in SYSTEMS]
SIZE = FULL if os.environ.get("FULL") else SHORT


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
    goals = summarise(run(server(), options.sections or usual(SIZE), only))
    if any(goal.failed for goal in goals):
        sys.exit(verdict(goals))
    print(verdict(goals))


def end(number: int, _: Any) -> None:
    sys.exit(f"Ended by {signal.Signals(number).name}.")


def server() -> PostgreSQL:
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        return PostgreSQL()
    except (psycopg.Error, ImproperlyConfigured) as error:
        sys.exit(f"There is no PostgreSQL to measure on: {error}")


def run(postgres: PostgreSQL, sections: list[str], only: list[str]) -> list[Line]:
    """Measure these and print each as soon as it is known; return what has a target."""
    began, aims = time.strftime("%Y-%m-%dT%H:%M:%S"), []
    took: dict[str, float] = {}
    with Ring(postgres, only, SIZE.rounds) as ring:
        for section in sections:
            say(f"{section} ...")
            start = time.monotonic()
            if figures := list(SECTIONS[section](ring, SIZE)):
                write(RESULTS, figures, began)
                aims += show(section, figures)
            took[section] = time.monotonic() - start
    print(fill(described(postgres), WIDTH))
    say(in_seconds(took))
    return aims


def in_seconds(took: dict[str, float]) -> str:
    """'Seconds: burn-down 301, latency 170; 471 in all.'"""
    each = ", ".join(f"{section} {seconds:,.0f}" for section, seconds in took.items())
    return f"Seconds: {each}; {sum(took.values()):,.0f} in all."


if __name__ == "__main__":
    main()
