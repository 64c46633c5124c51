"""How many requests the base takes: so many within any second, else none for a while."""

import math
import threading
from collections import deque


class Pace:
    """`per_second` None: as many as come."""

    def __init__(self, per_second: int | None, penalty: float) -> None:
        self.per_second, self.penalty = per_second, penalty
        self._taken: deque[float] = deque()
        self._closed_until = -math.inf
        self._lock = threading.Lock()

    def take(self, now: float) -> bool:
        """Whether this request is answered; if not, neither are the next ones."""
        with self._lock:
            if now < self._closed_until:
                return False
            while self._taken and now - self._taken[0] >= 1:
                self._taken.popleft()
            if self.per_second is not None and len(self._taken) >= self.per_second:
                self._closed_until = now + self.penalty
                return False
            self._taken.append(now)
            return True

    def punish(self, now: float) -> None:
        """Begin the penalty, whatever the pace was."""
        with self._lock:
            self._closed_until = now + self.penalty

    def seconds_left(self, now: float) -> int:
        return max(0, math.ceil(self._closed_until - now))
