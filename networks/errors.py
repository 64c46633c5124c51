"""What can be wrong with geometries and the updates of them. Each message says what to do."""

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


class CannotRequest(NetworksError):
    """Somebody asks for a geometry update that could never be applied."""


class CannotWithdraw(NetworksError):
    """An update that does not wait any more."""

    def __init__(self, update: object) -> None:
        super().__init__(
            f"Update {update} was applied or withdrawn meanwhile; "
            "to undo what it did, ask for another one."
        )


class CannotApply(NetworksError):
    """One update that keeps all others waiting."""

    def __init__(self, number: int, update: object, reason: str) -> None:
        super().__init__(
            f"Update {number} ({update}) cannot be applied, so none was: {reason}. "
            "Withdraw it, or correct what it says; then apply the updates again."
        )
