"""How much one statement may take, so that it keeps within its time."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
MOST_BYTES = 1_000_000  # of results, or of errors, that one statement carries


class Portion:
    """As many rows as a statement has time for: fewer after one that had too many."""

    def __init__(self, most: int) -> None:
        self.rows = self.most = most

    def took_too_long(self, rows: int) -> bool:
        """Whether fewer than so many may still do; then the next ones take a quarter."""
        self.rows = max(1, rows // 4)
        return rows > 1

    def was_in_time(self) -> None:
        self.rows = min(self.most, self.rows * 2)


def pieces(
    items: Iterable[Item], weigh: Callable[[Item], int], rows: int, size: int = MOST_BYTES
) -> Iterator[list[Item]]:
    """The items in their order, in lists of at most `rows`, and of `size` bytes if of several."""
    piece: list[Item] = []
    weight = 0
    for item in items:
        weight += weigh(item)
        if piece and (len(piece) >= rows or weight > size):
            yield piece
            piece, weight = [], weigh(item)
        piece.append(item)
    if piece:
        yield piece


def halves(piece: list[Item]) -> list[list[Item]]:
    """Two parts, or none of a single item."""
    middle = len(piece) // 2
    return [piece[:middle], piece[middle:]] if middle else []
