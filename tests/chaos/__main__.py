"""`python -m tests.chaos [PLACE …]`: the scenarios, on other people's machines.

It ends with exit code 1 if a scenario failed in one of the places.
"""

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator

from tests.places import PLACES
from tests.private_postgres.processes import ROOT

PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-rs",
    "-o",
    "addopts=",
    "--ds=tests.probe.settings",
]


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended by SIGTERM."))
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("places", nargs="*", metavar="PLACE", help=", ".join(PLACES))
    parser.add_argument("-m", default="", help="only those with this marker")
    parser.add_argument("-k", default="", help="only those of such a name")
    options = parser.parse_args()
    if unknown := {*options.places} - {*PLACES}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    failed = [*failing(options.places or [*PLACES], ["-m", options.m, "-k", options.k])]
    print(f"Not every promise was kept: {', '.join(failed)}." if failed else "All were kept.")
    return 1 if failed else 0


def failing(places: list[str], choice: list[str]) -> Iterator[str]:
    """The places where a scenario failed, each once all of its scenarios have run."""
    for name in places:
        place = PLACES[name]
        print(f"\n=== {name}: {place} ===", flush=True)
        with place.opened() as there:
            code = run([*PYTEST, "tests/chaos", *choice], there.environment)
        if code:
            yield name


def run(command: list[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            return process.wait()
        except SystemExit:
            process.send_signal(signal.SIGINT)  # which lets it end all that it has started
            raise


if __name__ == "__main__":
    sys.exit(main())
