"""The account that the server runs under: the caller's, unless that is root.

PostgreSQL refuses root. `unshare` makes root look like nobody to PostgreSQL and stay root
to the files. Where that is forbidden (containers, often), `setpriv` becomes nobody indeed.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

NOBODY = 65534
UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")
# Lets nobody pass through a closed folder, such as /root, to the programs and the data.
THROUGH_CLOSED_FOLDERS = (
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
)


class Account(NamedTuple):
    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd="/",
            env=environment(),
        )

    def reaches(self, folder: Path, program: Path) -> bool:
        try:
            tried = self.run("sh", "-c", 'cd "$0" && exec "$1" --version', folder, program)
        except FileNotFoundError:
            return False
        return tried.returncode == 0

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid, follow_symlinks=False)


def environment() -> dict[str, str]:
    """Ours without PGPORT, PGDATA and the like, which would lead PostgreSQL astray."""
    return {key: text for key, text in os.environ.items() if not key.startswith("PG")}


def choose(home: Path, program: Path) -> Account:
    """The first account that may run this program in this folder, which it owns from now on."""
    if os.geteuid() != 0:
        return _ourselves(home, program)
    for account in _instead_of_root(home.stat()):
        if account.reaches(home.parent, program):
            _give(home, account)
            return account
    raise ImproperlyConfigured(
        f"PostgreSQL refuses to run as root, and neither unshare nor setpriv can run {program}"
        f" in {home.parent} as another user. Run this as a normal user, or set DATABASE_URL."
    )


def _ourselves(home: Path, program: Path) -> Account:
    account = Account(os.geteuid(), os.getegid())
    with suppress(KeyError):
        pwd.getpwuid(account.uid)
        return account
    # initdb wants its user to have a name, which a container's may not; nobody has one.
    named = account._replace(prefix=UNSHARE)
    return named if named.reaches(home, program) else account


def _instead_of_root(owner: os.stat_result) -> Iterator[Account]:
    uid, gid = owner.st_uid, owner.st_gid
    if uid == 0:
        yield Account(0, 0, UNSHARE)
        uid = gid = NOBODY
    setpriv = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    yield Account(uid, gid, setpriv)
    yield Account(uid, gid, (*setpriv, *THROUGH_CLOSED_FOLDERS))


def _give(home: Path, account: Account) -> None:
    if home.stat().st_uid == account.uid:
        return
    # The folder itself comes last: its owner tells that all of it has been given.
    for path in (*home.rglob("*"), home):
        account.own(path)
