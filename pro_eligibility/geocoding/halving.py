"""Which rows a service refuses, when it says only that it refuses some."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pro_eligibility.geocoding.answer import Answer, Place, Question
from pro_eligibility.geocoding.errors import GeocoderRefused
from pro_eligibility.geocoding.service import RowsRefused

# Enough to find a dozen bad rows among a thousand; what needs more is not worth its requests.
MOST_REQUESTS = 200

Asked = TypeVar("Asked", bound=Question | Place)


class Halving(Generic[Asked]):
    """A request that is refused is asked again in halves, down to the single rows.

    Before that the first row and the last are asked alone. Are both refused with one message, the
    request as a whole is at fault: GeocoderRefused, after three requests. It is raised too when
    MOST_REQUESTS are not enough to find the rows.
    """

    def __init__(self, url: str, ask: Callable[[Sequence[Asked]], list[Answer]]) -> None:
        self._url, self._ask = url, ask
        self._requests = 0
        self._refusals: dict[int, str] = {}  # of single rows, by their ids

    def answers(self, rows: Sequence[Asked]) -> list[Answer]:
        """One for each row, in order; `refused` in those that are at fault."""
        if (answers := self._asked(rows)) is not None:
            return answers
        first, last = rows[0], rows[-1]
        ends = self._halved([first]), self._halved([last])
        message = self._refusals.get(first.id)
        if message is not None and message == self._refusals.get(last.id):
            raise GeocoderRefused(self._url, len(rows), "all of them", message)
        return [*ends[0], *self._halved(rows[1:-1]), *ends[1]]

    def _halved(self, rows: Sequence[Asked]) -> list[Answer]:
        if (answers := self._asked(rows)) is not None:
            return answers
        middle = len(rows) // 2
        return self._halved(rows[:middle]) + self._halved(rows[middle:])

    def _asked(self, rows: Sequence[Asked]) -> list[Answer] | None:
        """None if some of several are refused."""
        if not rows:
            return []
        self._requests += 1
        try:
            return self._ask(rows)
        except RowsRefused as refusal:
            if self._requests >= MOST_REQUESTS:
                what = f"more of them than {MOST_REQUESTS} requests can find"
                raise GeocoderRefused(self._url, len(rows), what, str(refusal)) from refusal
            if len(rows) > 1:
                return None
            self._refusals[rows[0].id] = str(refusal)
            return [Answer(rows[0].id, False, refused=str(refusal))]
