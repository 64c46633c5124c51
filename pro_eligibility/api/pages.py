"""A part of a list, with the exact number of what is in all of it."""

from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from django.db.models import Model, QuerySet

Item = TypeVar("Item", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Counted, unlike a page of jobs: the rows of one test, or the tests of one user, are few."""

    items: list[Item]
    total: int
    offset: int
    limit: int

    @classmethod
    def of(cls, items: QuerySet[Item], asked: dict[str, Any]) -> Self:
        offset, limit = asked["offset"], asked["limit"]
        return cls(list(items[offset : offset + limit]), items.count(), offset, limit)

    @property
    def has_next(self) -> bool:
        return self.offset + len(self.items) < self.total
