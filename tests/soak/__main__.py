"""`make soak`: real workers on a server of their own, and something that breaks every few seconds.

It ends with a table, and with exit code 1 if a promise was broken.
"""

import os
import sys
import tempfile
from pathlib import Path

import django

from tests.chaos.cluster import thrown_away, url


def main(seconds: int) -> int:
    with thrown_away() as server, tempfile.TemporaryDirectory(prefix="soak-") as logs:
        # A key of its own rather than DEBUG, which makes Django remember every statement.
        os.environ |= {
            "DATABASE_URL": url(server.socket_folder, 5432),
            "DJANGO_SETTINGS_MODULE": "tests.probe.settings",
            "SECRET_KEY": "for a database that is thrown away",
        }
        django.setup()
        from tests.soak.soak import Soak

        soak = Soak(server, Path(logs), seconds)
        try:
            return soak.run()
        finally:
            soak.end()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
