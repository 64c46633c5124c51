"""What can go wrong with tiles. Each message says what was found and what to do."""

from collections.abc import Iterable
from pathlib import Path


class TilesError(Exception):
    """Base of everything this app refuses."""


class AlreadyRegistered(TilesError):
    """Two apps describe one source."""

    def __init__(self, id: str, label: str, other: str) -> None:
        super().__init__(
            f"Tile source {id!r} is registered already, as {other!r}; {label!r} needs another id."
        )


class UnknownSource(TilesError, LookupError):
    """No installed app describes this source."""

    def __init__(self, id: str, known: Iterable[str]) -> None:
        super().__init__(f"No tile source {id!r}. There are: {', '.join(sorted(known)) or 'none'}.")


class EmptySource(TilesError):
    """There is nothing to build from."""

    def __init__(self, id: str) -> None:
        super().__init__(
            f"{id}: the source has no features, so no tiles were built. Load its data first."
        )


class UnreadableSource(TilesError):
    """Its features cannot all be read."""

    def __init__(self, id: str, read: int, error: Exception) -> None:
        super().__init__(
            f"{id}: reading stopped after {read:,} features: {type(error).__name__}: {error}"
        )


class TippecanoeMissing(TilesError):
    """There is no tippecanoe to run."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"tippecanoe was not found at {path}; install the package tippecanoe, "
            "or set TIPPECANOE to the path of an executable."
        )


class TippecanoeFailed(TilesError):
    """It ended, but not well."""

    def __init__(self, end: str, lines: Iterable[str]) -> None:
        said = " | ".join(lines) or "nothing"
        super().__init__(f"tippecanoe {end}. It said: {said}")


class DiskFull(TilesError):
    """The temporary folder cannot take what is written to it."""

    def __init__(self, folder: Path, free: int, reason: str) -> None:
        super().__init__(
            f"No room for the tiles in {folder} ({free:,} bytes free): {reason}. "
            "Free some space, or set TMPDIR to a larger folder."
        )


class Overtaken(TilesError):
    """A build that was begun later is served already."""

    def __init__(self, source: str, version: int, served: int) -> None:
        super().__init__(
            f"{source}: version {served}, which was begun later, is served already; "
            f"version {version} was dropped."
        )
