"""How many jobs a child is given at once: as many as it usually runs in a blink."""

from collections import defaultdict
from math import inf

BLINK = 0.02  # seconds
MOST = 256  # what the socket between us and a child has room for
# A job that runs longer than this is no short one, and what waits behind it is taken back.
LONG = 0.05
WEIGHT = 0.1  # of the latest run in what is usual


class Pace:
    """What runs usually take, by type and of late. Of what is not known yet, nothing is assumed."""

    def __init__(self) -> None:
        self._usual: dict[str, float] = defaultdict(lambda: inf)
        self._recent = inf

    def note(self, type: str, seconds: float) -> None:
        self._usual[type] = mixed(self._usual[type], seconds)
        self._recent = mixed(self._recent, seconds)

    @property
    def at_once(self) -> int:
        """How many jobs a child may have, if they are like those of late."""
        return max(1, min(MOST, int(BLINK / max(self._recent, 1e-6))))

    def seconds(self, jobs: float) -> float:
        """How long a child takes for so many, if they are like those of late."""
        return jobs * self._recent if jobs > 0 else 0.0

    def is_short(self, type: str) -> bool:
        return self._usual[type] <= BLINK / 2


def mixed(usual: float, latest: float) -> float:
    return latest if usual == inf else usual + (latest - usual) * WEIGHT
