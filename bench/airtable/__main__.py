"""`python -m bench.airtable`: what the syncs with Airtable cost, and beside what."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# What the syncs tell on the way is nothing to look at here.
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from bench.airtable import phases  # noqa: E402
from bench.airtable.stage import ANSWER  # noqa: E402
from bench.airtable.world import CHANGED, NETWORKS  # noqa: E402
from bench.database import database  # noqa: E402
from bench.measurement import show  # noqa: E402

SOURCES = """\
The networks and their records are made up. Requests are those that arrive at standins/airtable,
which takes 5 in any second, or else none for 30 s; rows and statements are those of a database of
its own; the original's way is bench/airtable/original.py. All figures are counts, or seconds of a
virtual clock in which only waiting takes time (each answer is waited for {answer} s, unless it says
otherwise): they are the same on every machine."""


def main() -> None:
    with database():
        measured = [
            *phases.geometries(),
            *phases.metadata(),
            *phases.unchanged(),
            *phases.three_workers(),
        ]
    show(f"{NETWORKS:,} made-up networks, of which {CHANGED} changed", measured)
    print(SOURCES.format(answer=ANSWER))
    if any(one.met is False for one in measured):
        sys.exit("A target was missed.")


if __name__ == "__main__":
    main()
