"""`make soak`: real workers on a server of their own, and something that breaks every few seconds.

It ends with a table, and with exit code 1 if a promise was broken.
"""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

import django

from tests.places import PLACES, Place
from tests.soak.plans import PLANS, Plan


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended by SIGTERM."))
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("seconds", type=int, nargs="?", default=600)
    parser.add_argument("--place", choices=PLACES, default="private")
    parser.add_argument("--plan", choices=PLANS, default="everything")
    options = parser.parse_args()
    return run(PLACES[options.place], PLANS[options.plan], options.seconds)


def run(place: Place, plan: Plan, seconds: int) -> int:
    print(f"{seconds} s on {place}.", flush=True)
    with place.opened() as there, tempfile.TemporaryDirectory(prefix="soak-") as logs:
        os.environ |= there.environment | {"DJANGO_SETTINGS_MODULE": "tests.probe.settings"}
        django.setup()
        from tests.soak.soak import Soak

        soak = Soak(there.server, Path(logs), plan, seconds)
        try:
            return soak.run()
        finally:
            soak.end()


if __name__ == "__main__":
    sys.exit(main())
