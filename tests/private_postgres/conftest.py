import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.postgres import Server
from tests.private_postgres.processes import remove

NewServer = Callable[..., Server]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users may pass through, with a short name, unlike tmp_path."""
    with tempfile.TemporaryDirectory(prefix="private-postgres-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def new_server(folder: Path) -> Iterator[NewServer]:
    """Describes a server in a folder of this name; whatever has started by then is ended."""
    servers = []

    def new(name: str = ".local", **options: float) -> Server:
        servers.append(Server(folder / name, fsync=False, **options))
        return servers[-1]

    yield new
    for server in servers:
        remove(server)


@pytest.fixture
def server(new_server: NewServer) -> Server:
    return new_server()


@pytest.fixture
def short_lived(new_server: NewServer) -> Server:
    """It stops a second after its last client."""
    return new_server(idle_seconds=1)


@pytest.fixture
def restless(new_server: NewServer) -> Server:
    """It stops again and again."""
    return new_server(idle_seconds=0.05)
