"""How many requests a client may send: so many a second, with as many saved up at most."""

import threading
import time
from collections.abc import Callable


class Bucket:
    def __init__(self, per_second: float | None, now: Callable[[], float] = time.monotonic) -> None:
        self.per_second, self._now = per_second, now
        self._clients: dict[str, tuple[float, float]] = {}  # requests saved up, and when
        self._lock = threading.Lock()

    def take(self, client: str) -> bool:
        """Whether one more is allowed now."""
        if self.per_second is None:
            return True
        with self._lock:
            now = self._now()
            saved, since = self._clients.get(client, (self.per_second, now))
            saved = min(self.per_second, saved + (now - since) * self.per_second)
            allowed = saved >= 1
            self._clients[client] = saved - allowed, now
        return allowed
