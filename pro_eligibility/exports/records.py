"""The rows of a test as they are shown: each with its result and where it is on the globe."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import shapely

from networks.geometry import to_wgs_84
from pro_eligibility.errors import Purged
from pro_eligibility.exports.errors import NotRead, RowsRemoved
from pro_eligibility.models import AddressRow, Assessment, EligibilityTest, Outcome

ROWS_AT_ONCE = 2_000


class Record(NamedTuple):
    """A row under a threshold (the least score that is ok, in %); degrees where it has a place."""

    row: AddressRow
    threshold: int
    longitude: float | None = None
    latitude: float | None = None

    @property
    def place(self) -> AddressRow:
        return self.row.place

    @property
    def result(self) -> Assessment | None:
        return self.row.place.assessment

    @property
    def outcome(self) -> Outcome:
        return self.row.outcome_at(self.threshold)

    @property
    def reason(self) -> str:
        return self.row.sentence(self.threshold)


def batches(test: EligibilityTest) -> Iterator[list[Record]]:
    """All rows in the order of the file, some at a time, so that memory does not grow with them.

    Raises NotRead or Purged at once, RowsRemoved if they go away meanwhile.
    """
    if test.purged_at:
        raise Purged(test.name)
    if not test.read_at:
        raise NotRead(test.name)
    return some_at_a_time(test)


def some_at_a_time(test: EligibilityTest) -> Iterator[list[Record]]:
    # By range and by key, without a join: fast too where the planner knows nothing of the rows
    # yet, as soon after a large upload.
    rows = test.rows.prefetch_related("assessment", "duplicate_of__assessment").order_by("number")
    for first in range(1, test.row_count + 1, ROWS_AT_ONCE):
        last = min(first + ROWS_AT_ONCE - 1, test.row_count)
        batch = list(rows.filter(number__range=(first, last)))
        if len(batch) <= last - first:
            raise RowsRemoved(test.name, first - 1 + len(batch), test.row_count)
        yield records(batch, test.score_threshold)


def records(rows: Sequence[AddressRow], threshold: int) -> list[Record]:
    """One for each row; converting their places at once is what makes it fast."""
    # Without a place it is converted to infinity, and then left out.
    metres = [(row.place.x, row.place.y) for row in rows]
    points = to_wgs_84(shapely.points(np.array(metres, float).reshape(-1, 2)))
    degrees = shapely.get_coordinates(points).tolist()
    return [
        Record(row, threshold, *(degree if row.place.x is not None else ()))
        for row, degree in zip(rows, degrees, strict=True)
    ]
