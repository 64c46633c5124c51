"""What the stand-in was asked."""

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any


class Counters:
    def __init__(self) -> None:
        self.requests = 0
        self.rows = 0  # that were asked for, whatever the answer
        self.refused = 0  # requests that came too fast, or met a fault with status 429
        self.asked: Counter[str] = Counter()  # how often each text was
        self._lock = threading.Lock()

    def request(self) -> None:
        with self._lock:
            self.requests += 1

    def refusal(self) -> None:
        with self._lock:
            self.refused += 1

    def asked_for(self, texts: Iterable[str]) -> None:
        with self._lock:
            self.asked.update(texts)
            self.rows = self.asked.total()

    def as_dict(self) -> dict[str, Any]:
        with self._lock:
            return {
                "requests": self.requests,
                "rows": self.rows,
                "refused": self.refused,
                "asked": dict(self.asked),
            }
