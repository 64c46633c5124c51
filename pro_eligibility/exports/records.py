"""The rows of a test as they are shown: each with its result and where it is on the globe."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, Self

import numpy as np
import shapely
from django.db.models import TextChoices

from networks.geometry import to_wgs_84
from pro_eligibility.eligibility.verdict import EligibilityType, NetworkKind
from pro_eligibility.errors import Purged
from pro_eligibility.exports.errors import NotRead, RowsRemoved
from pro_eligibility.models import AddressRow, Assessment, EligibilityTest, Outcome

ROWS_AT_ONCE = 2_000


class Words(NamedTuple):
    """What is called how in the reader's language, looked up once for many rows."""

    outcomes: dict[str, str]
    types: dict[str, str]
    kinds: dict[str, str]

    @classmethod
    def now(cls) -> Self:
        # Where no network decides, it is of no kind.
        return cls(names(Outcome), names(EligibilityType), names(NetworkKind) | {"": ""})


def names(choices: type[TextChoices]) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


class Result(NamedTuple):
    """What is exported of an assessment: models of all of them would take longer than the rest."""

    pk: int
    calculated_at: datetime
    data_version: str
    type: str
    eligible: bool
    distance: int | None
    network_kind: str
    sncu: str
    network_name: str
    taux_enrr: float | None
    contenu_co2_acv: float | None
    commune: str
    departement: str


Finding = Assessment | Result


class Record(NamedTuple):
    """A row under a threshold (the least score that is ok, in %); degrees where it has a place."""

    row: AddressRow
    threshold: int
    place: AddressRow
    result: Finding | None
    outcome: Outcome
    words: Words
    longitude: float | None = None
    latitude: float | None = None

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
    for first in range(1, test.row_count + 1, ROWS_AT_ONCE):
        last = min(first + ROWS_AT_ONCE - 1, test.row_count)
        try:
            batch = those_between(test, first, last)
        except KeyError:
            raise RowsRemoved(test.name, first - 1, test.row_count) from None
        yield batch


def those_between(test: EligibilityTest, first: int, last: int) -> list[Record]:
    """The rows with these numbers, the last included. Raises KeyError if something is missing."""
    # By range and by key, without a join: fast too where the planner knows nothing of the rows
    # yet, as soon after a large upload.
    found = {row.number: row for row in test.rows.filter(number__range=(first, last))}
    rows = [found[number] for number in range(first, last + 1)]
    originals = AddressRow.objects.in_bulk({i for row in rows if (i := row.duplicate_of_id)})
    places = [originals[i] if (i := row.duplicate_of_id) else row for row in rows]
    ids = {i for place in places if (i := place.assessment_id)}
    entries = Assessment.objects.filter(pk__in=ids).values_list(*Result._fields)
    results = {entry[0]: Result._make(entry) for entry in entries}
    last_ones = [results[i] if (i := place.assessment_id) else None for place in places]
    return joined(rows, places, last_ones, test.score_threshold)


def records(rows: Sequence[AddressRow], threshold: int) -> list[Record]:
    """One for each row; fast for rows `with_results`."""
    places = [row.place for row in rows]
    return joined(rows, places, [place.assessment for place in places], threshold)


def joined(
    rows: Sequence[AddressRow],
    places: Sequence[AddressRow],
    results: Sequence[Finding | None],
    threshold: int,
) -> list[Record]:
    """One for each row; converting their places at once is what makes it fast."""
    # Without a place it is converted to infinity, and then left out.
    metres = [(place.x, place.y) for place in places]
    points = to_wgs_84(shapely.points(np.array(metres, float).reshape(-1, 2)))
    degrees = shapely.get_coordinates(points).tolist()
    words = Words.now()
    return [
        Record(
            *(row, threshold, place, result, row.outcome_at(threshold), words),
            *(degree if place.x is not None else ()),
        )
        for row, place, result, degree in zip(rows, places, results, degrees, strict=True)
    ]
