"""Which rows a service refuses, when it says only that it refuses some."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pro_eligibility.geocoding.answer import Answer, Place, Question
from pro_eligibility.geocoding.errors import GeocoderRefused
from pro_eligibility.geocoding.service import RowsRefused

# Enough to find a dozen bad rows among a thousand; what needs more is not worth its requests.
MOST_REQUESTS = 200
FEW = 4

Asked = TypeVar("Asked", bound=Question | Place)


class Halving(Generic[Asked]):
    """A request that is refused is asked again in halves, down to the single rows.

    Before that the first row, a middle one and the last are asked alone. Are all three refused
    with one message, the request as a whole is at fault: GeocoderRefused, after four requests. It
    is raised too when MOST_REQUESTS are not enough to find the rows. Fewer rows than FEW are
    always asked one by one: where all are refused, nobody can tell the request from its rows.
    """

    def __init__(self, url: str, ask: Callable[[Sequence[Asked]], list[Answer]]) -> None:
        self._url, self._ask = url, ask
        self._requests = 0
        self._refusals: dict[int, str] = {}  # of single rows, by their ids

    def answers(self, rows: Sequence[Asked]) -> list[Answer]:
        """One for each row, in order; `refused` in those that are at fault."""
        if (answers := self._asked(rows)) is not None:
            return answers
        if len(rows) >= FEW:
            self._probe(rows)
        return self._in_halves(rows)

    def _probe(self, rows: Sequence[Asked]) -> None:
        probes = [rows[0], rows[len(rows) // 2], rows[-1]]
        for probe in probes:
            self._asked([probe])
        messages = {self._refusals.get(probe.id) for probe in probes}
        if len(messages) == 1 and (message := messages.pop()) is not None:
            raise GeocoderRefused(self._url, len(rows), "all of them", message)

    def _halved(self, rows: Sequence[Asked]) -> list[Answer]:
        if (answers := self._asked(rows)) is not None:
            return answers
        return self._in_halves(rows)

    def _in_halves(self, rows: Sequence[Asked]) -> list[Answer]:
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
