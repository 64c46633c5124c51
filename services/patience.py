"""Asking again, as long as there is patience for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from services.clock import Clock

# Seconds, unless the service asks for another wait.
BACKOFF = wait_exponential_jitter(initial=1, max=30, jitter=1)

Got = TypeVar("Got")


class NotNow(Exception):
    """It may answer later: in `seconds`, if it said so."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Patience:
    """With one request. `check` may raise, to end a wait; `told` hears why there is one."""

    def __init__(
        self,
        patience: timedelta,
        clock: Clock,
        *,
        told: Callable[[str], None],
        check: Callable[[], None],
    ) -> None:
        self._clock, self._told, self._check = clock, told, check
        self._start = clock.now()
        self._end = self._start + patience.total_seconds()
        self.attempts = 0

    @property
    def seconds(self) -> float:
        """That have gone by."""
        return self._clock.now() - self._start

    def until_answered(self, ask: Callable[[], Got]) -> Got:
        """Raises the last NotNow when there is no patience left."""
        retrying = Retrying(
            retry=retry_if_exception_type(NotNow),
            wait=self._how_long,
            stop=lambda _: self._left <= 0,
            sleep=lambda seconds: self._clock.wait(seconds, self._check),
            before_sleep=self._tell,
            reraise=True,
        )
        answer: Got = retrying(self._counted, ask)
        return answer

    @property
    def _left(self) -> float:
        return self._end - self._clock.now()

    def _counted(self, ask: Callable[[], Got]) -> Got:
        self.attempts += 1
        return ask()

    def _how_long(self, state: RetryCallState) -> float:
        """As the service asks for, or longer each time; the last attempt is at the very end."""
        # Not at once, even if it asks for that.
        return max(0.0, min(reason_of(state).seconds or BACKOFF(state), self._left))

    def _tell(self, state: RetryCallState) -> None:
        self._told(f"{reason_of(state)}; asked again in {state.upcoming_sleep:.0f} s")


def reason_of(state: RetryCallState) -> NotNow:
    error = state.outcome and state.outcome.exception()
    assert isinstance(error, NotNow)
    return error
