"""What a test wants to go wrong, and for how many requests."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal


@dataclass(frozen=True)
class Fault:
    """One way to fail. `status` answers with an error; `late` is silent at first, `drip` sends byte
    by byte, `reset` drops the connection unanswered; `cut` ends it after some rows, `missing`
    leaves out the last ones and ends well, `html` sends a page and status 200.
    """

    kind: Literal["status", "late", "drip", "reset", "cut", "missing", "html"]
    times: int | None = 1  # requests; None: until the faults are set anew
    # Only requests that have such a row, or that are larger.
    word: str = ""
    over_bytes: int = 0
    # Of `status`.
    status: int = 500
    message: str = "Something is wrong."
    headers: dict[str, str] = field(default_factory=dict)
    # Of `cut`: rows that are sent, and how the end of an answer would be known.
    # Of `missing`: rows that are not sent.
    rows: int = 1
    ending: Literal["length", "chunked", "close"] = "chunked"
    seconds: float = 0.5  # of `late`: before the first byte; of `drip`: before each

    def concerns(self, texts: Iterable[str], size: int) -> bool:
        return size > self.over_bytes and (not self.word or any(self.word in t for t in texts))


class Faults:
    """Those that are still to come; of several that concern a request the first one is taken."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, int | None]] = []
        self._lock = threading.Lock()

    def set(self, *faults: Fault) -> None:
        """From now on, instead of those that were set before."""
        with self._lock:
            self._left = [(fault, fault.times) for fault in faults]

    def take(self, texts: list[str], size: int) -> Fault | None:
        with self._lock:
            for place, (fault, left) in enumerate(self._left):
                if left != 0 and fault.concerns(texts, size):
                    self._left[place] = fault, left and left - 1
                    return fault
        return None


def faults_from(items: list[dict[str, Any]]) -> list[Fault]:
    """Raises ValueError naming what is not known."""
    known = {one.name for one in fields(Fault)}
    for item in items:
        if unknown := sorted(item.keys() - known):
            raise ValueError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    return [Fault(**item) for item in items]
