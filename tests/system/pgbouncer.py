"""A real PgBouncer in transaction mode, in front of a server of ours."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from config.postgres import Server, account
from tests.chaos.waiting import wait_until

PORT = 6432
CONFIGURATION = """\
[databases]
* = host={server} port=5432 user=postgres

[pgbouncer]
pool_mode = transaction
default_pool_size = {size}
# After a restart of the server; the default of 15 s would be added to every recovery.
server_login_retry = 1
auth_type = any
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
logfile = {folder}/log
"""


class PgBouncer(NamedTuple):
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


@contextmanager
def in_front_of(server: Server, program: str, *, size: int = 20) -> Iterator[PgBouncer]:
    """Reached by its socket only, so that it takes no port from anybody."""
    # It refuses to run as root too, and has to be let in to the server's folder.
    runner = account.choose(server.home, Path(program))
    folder = server.folder / f"pool-{size}"
    folder.mkdir(mode=0o755)
    file = folder / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(server=server.socket_folder, folder=folder, size=size, port=PORT)
    )
    for path in (file, folder):
        runner.own(path)
    command = [*runner.prefix, program, "--quiet", str(file)]
    process = subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL)
    try:
        wait_until(lambda: (folder / f".s.PGSQL.{PORT}").exists() or process.poll(), seconds=10)
        assert process.poll() is None, "PgBouncer did not start: see above"
        yield PgBouncer(folder, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
