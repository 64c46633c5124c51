"""Where the database of a run may be: on which server, how far away, and beside what."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple
from unittest.mock import patch

from config.postgres import Server
from tests.chaos.cluster import DELAY, line_to, thrown_away, url
from tests.servers import DEBIAN, PRIVATE, assert_jit, programs

# It ends with whoever started it, and is as busy as can be until then.
BUSY = "import os\nwhile os.getppid() == {}: pass"


class Opened(NamedTuple):
    """A server that was started in some place."""

    server: Server
    # Of a process that is to work on it. What that starts is of the same kind, and as far away.
    environment: dict[str, str]


class Place(NamedTuple):
    server: str
    delay: int = 0  # milliseconds that a round trip takes more
    busy: int = 0  # processes on the same machine that never rest

    def __str__(self) -> str:
        words = [self.server]
        words += [f"{self.delay} ms away"] if self.delay else []
        words += [f"beside {self.busy} busy processes"] if self.busy else []
        return ", ".join(words)

    @contextmanager
    def opened(self) -> Iterator["Opened"]:
        """A new server there, thrown away at the end."""
        kind = {"PG_BINDIR": str(programs(self.server) or ""), DELAY: str(self.delay)}
        with patch.dict(os.environ, kind), thrown_away() as server, ExitStack() as around:
            if self.server == DEBIAN:
                assert_jit(server)
            line = around.enter_context(line_to(server))
            for _ in range(self.busy):
                around.enter_context(busy())
            # A key of its own rather than DEBUG, which makes Django remember every statement.
            own = {"DATABASE_URL": url(*line), "SECRET_KEY": "for a database that is thrown away"}
            yield Opened(server, {**os.environ, **own})


@contextmanager
def busy() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", BUSY.format(os.getpid())])
    try:
        yield
    finally:
        process.kill()
        process.wait()


PLACES = {
    "private": Place(PRIVATE),
    "debian": Place(DEBIAN),
    "debian-3ms": Place(DEBIAN, delay=3),
    "debian-3ms-busy": Place(DEBIAN, delay=3, busy=2),
}
