"""How long a job waits after a failure."""

from dataclasses import dataclass
from datetime import timedelta

from jobs.errors import InvalidOption

LONGEST = timedelta(days=365)


@dataclass(frozen=True)
class Backoff:
    """How long a failed job waits: `first`, doubled at each failure, at most `most`, ± `jitter`."""

    first: timedelta = timedelta(seconds=10)
    most: timedelta = timedelta(hours=1)
    jitter: float = 0.2

    def __post_init__(self) -> None:
        for option, given in (("first", self.first), ("most", self.most)):
            if not isinstance(given, timedelta) or not timedelta(0) <= given <= LONGEST:
                raise InvalidOption("Backoff", option, given, "a timedelta of 0 to 365 days")
        if type(self.jitter) not in (int, float) or not 0 <= self.jitter <= 1:
            raise InvalidOption("Backoff", "jitter", self.jitter, "a number of 0 to 1")

    def after(self, failures: int, *, chance: float) -> timedelta:
        """The wait after so many failures; `chance` in 0…1 places it within the jitter."""
        # In seconds, as a timedelta would overflow. Beyond 2**99, any first is beyond any most.
        wait = self.first.total_seconds() * 2.0 ** min(failures - 1, 99)
        wait = min(wait, self.most.total_seconds())
        return timedelta(seconds=wait * (1 + self.jitter * (2 * chance - 1)))
