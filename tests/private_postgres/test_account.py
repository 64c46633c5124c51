"""It works as root and as a normal user. A normal user can show only the second half."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.postgres import Server, binaries
from config.postgres.account import NOBODY, THROUGH_CLOSED_FOLDERS, UNSHARE
from tests.private_postgres.processes import ENVIRONMENT, output, postmaster, use

AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


def can_run(prefix: tuple[str, ...], *command: str | Path) -> bool:
    # Through a shell, because setpriv itself starts a program while it still has root's rights.
    shell = [*prefix, "sh", "-c", 'exec "$0" "$@"', *command]
    return subprocess.run(shell, env=ENVIRONMENT, cwd="/", capture_output=True).returncode == 0


def without_unshare(folder: Path) -> dict[str, str]:
    """An environment whose PATH has setpriv and a shell, but no unshare."""
    programs = folder / "bin"
    programs.mkdir()
    for program in ("sh", "setpriv"):
        (programs / program).symlink_to(str(shutil.which(program)))
    return ENVIRONMENT | {"PATH": str(programs)}


OWNERS = {"the current user": os.geteuid(), "a user without a name": 54321}
USERS = ["the current user"]
NORMAL_USER: tuple[str, ...] = ()
NAMELESS_USER: tuple[str, ...] = ()
if os.geteuid() == 0:
    USERS += ["a normal user", "root without unshare", "root without unshare in a closed folder"]
    # Plainly, unless this project or its Python lies in a closed folder, such as root's home.
    ways = (AS_NOBODY, (*AS_NOBODY, *THROUGH_CLOSED_FOLDERS))
    this = (sys.executable, "-c", "import config.postgres")
    NORMAL_USER = next(way for way in ways if can_run(way, *this))
    NAMELESS_USER = tuple(word.replace(str(NOBODY), "54321") for word in NORMAL_USER)
    # Where a user may be nobody in a namespace, one without a name can run initdb too.
    if can_run((*NAMELESS_USER, *UNSHARE), binaries.find().folder / "postgres", "--version"):
        USERS += ["a user without a name"]


@pytest.mark.parametrize("user", USERS)
def test_it_starts_for(user: str, server: Server, folder: Path) -> None:
    options: dict[str, Any] = {}
    if user == "a normal user":
        os.chown(folder, NOBODY, NOBODY)
        options = {"prefix": NORMAL_USER}
    elif user == "a user without a name":
        os.chown(folder, 54321, 54321)
        options = {"prefix": NAMELESS_USER}
    elif user != "the current user":
        options = {"env": without_unshare(folder)}
        folder.chmod(0o700 if "closed" in user else 0o755)

    first, again = output(use(server, **options)), output(use(server, **options))

    assert first == again == str(postmaster(server))
    assert server.data.stat().st_uid == OWNERS.get(user, NOBODY)
