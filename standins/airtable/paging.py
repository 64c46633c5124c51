"""Where a listing stands: its order is the one it began with, whatever is changed meanwhile."""

from standins.airtable import errors
from standins.airtable.ids import Ids

KEPT = 100  # iterators; older ones are no longer available


class Iterators:
    def __init__(self, of: str) -> None:
        self._ids = Ids(of)
        self._orders: dict[str, list[str]] = {}

    def begin(self, order: list[str]) -> str:
        """The id of an iterator over these records."""
        iterator = self._ids.next("itr")
        self._orders[iterator] = order
        if len(self._orders) > KEPT:
            del self._orders[next(iter(self._orders))]
        return iterator

    def resume(self, offset: str) -> tuple[str, list[str]]:
        """The iterator of "itr…/rec…", and the records from that one on. Raises ApiError."""
        iterator, _, record = offset.partition("/")
        order = self._orders.get(iterator, [])
        if record not in order:
            raise errors.stale_iterator()
        return iterator, order[order.index(record) :]
