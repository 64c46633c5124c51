"""Ways in which a build fails for real, each with what the job then says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.tiles.conftest import point
from tiles.sources import Feature
from tiles.tippecanoe import packaged

Setting = Callable[..., None]


def empty(register: Any, **_: Any) -> None:
    register(features=list)


def unreadable(register: Any, **_: Any) -> None:
    def features() -> Iterator[Feature]:
        yield point(1)
        raise ConnectionError("the service hung up")

    register(features=features)


def refused(register: Any, **_: Any) -> None:
    register(options=("--no-such-option",))


def killed(settings: Any, folder: Path, **_: Any) -> None:
    settings.TIPPECANOE = script(folder, "kill -KILL $$")


def too_large(settings: Any, folder: Path, **_: Any) -> None:
    settings.TIPPECANOE = script(folder, f'ulimit -f 8; exec "{packaged()}" "$@"')


def no_space(monkeypatch: Any, folder: Path, **_: Any) -> None:
    """/dev/full answers each write as a full disk does."""
    (folder / "features.ndjson").symlink_to("/dev/full")
    monkeypatch.setattr("tiles.scratch.TemporaryDirectory", lambda prefix: Kept(folder))


class Kept:
    """A temporary folder that was there before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> str:
        return str(self.folder)

    def __exit__(self, *args: object) -> None:
        (self.folder / "features.ndjson").unlink()


def script(folder: Path, line: str) -> str:
    file = folder / "tippecanoe"
    file.write_text(f"#!/bin/sh\n{line}\n")
    file.chmod(0o755)
    return str(file)


FAILURES = {
    empty: "points: the source has no features, so no tiles were built. Load its data first.",
    unreadable: "points: reading stopped after 1 features: ConnectionError: the service hung up",
    refused: (
        "tippecanoe ended with exit code 101: an option it does not take; "
        "see the options of the source. It said: "
    ),
    killed: "tippecanoe was killed by SIGKILL (Killed). It said: nothing",
    too_large: "No room for the tiles in ",
    no_space: "No room for the tiles in ",
}
