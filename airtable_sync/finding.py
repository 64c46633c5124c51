"""What was looked at before a sync, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One sentence; and another on what to do, where something is missing."""

    what: str
    mend: str = ""

    @property
    def is_right(self) -> bool:
        return not self.mend
