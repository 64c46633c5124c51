"""The kinds of PostgreSQL that tests can start, and where their programs are."""

from pathlib import Path

from config.postgres import Server
from tests.private_postgres.processes import ROOT, ask

PRIVATE, DEBIAN = "the private PostgreSQL 18", "Debian's PostgreSQL 15 with JIT"
VERSIONS = ["14", "15", "16", "17", "18"]  # what `make test-system` installs from tests/system/node
NODE = ROOT / ".local" / "servers" / "node_modules"


class MissingServer(SystemExit):
    """A server cannot be started here; the message, with which a program ends, says why."""


def programs(kind: str) -> Path | None:
    """The folder of a server's programs, for PG_BINDIR; None are those of the wheel."""
    if kind == PRIVATE:
        return None
    if kind == DEBIAN:
        folder, how = Path("/usr/lib/postgresql/15/bin"), "apt-get install postgresql-15"
    else:
        folder, how = NODE / f"postgresql-{kind}" / "native" / "bin", "make test-system"
    if not (folder / "postgres").exists():
        raise MissingServer(f"There is no {folder / 'postgres'}. To install it: {how}")
    return folder


def assert_jit(server: Server) -> None:
    """This server compiles statements, as any stock Debian does: else to try it shows nothing."""
    found = ask(server, "SELECT format('%s %s', pg_jit_available(), current_setting('jit'))")
    if found != "t on":
        raise MissingServer(f"{DEBIAN} has no JIT: pg_jit_available and jit are {found}")
