"""What can be wrong with a file of geometries. Each message says what to do."""

from collections.abc import Iterable
from pathlib import Path


class NetworksError(Exception):
    """Base of everything this app refuses."""


class UnreadableFile(NetworksError):
    """The file, as a whole, cannot be loaded."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}")


class MissingColumn(UnreadableFile):
    """A column that every row needs is not in the file."""

    def __init__(
        self, file: Path, what: str, accepted: Iterable[str], found: Iterable[str]
    ) -> None:
        super().__init__(
            file,
            f"no column for {what}; it may be called {' or '.join(accepted)}. "
            f"Found: {', '.join(found) or 'none'}.",
        )


class Unfit(NetworksError):
    """One row that cannot be loaded."""
