"""Some rows of a file tried before the start, so that a wrong layout shows at once."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import compress

import numpy as np
import shapely
from django.conf import settings
from django.utils import timezone

from networks.geometry import WGS_84, to_lambert_93
from pro_eligibility.eligibility.rules import RULES_VERSION
from pro_eligibility.eligibility.snapshot import Snapshot
from pro_eligibility.eligibility.verdict import Transition
from pro_eligibility.errors import Purged
from pro_eligibility.geocode import ask, judged
from pro_eligibility.geocoding.client import Answer, Geocoder
from pro_eligibility.models import AddressRow, Assessment, EligibilityTest, Reason, State
from pro_eligibility.uploads.postcodes import short_postcodes
from pro_eligibility.uploads.rows import parse
from pro_eligibility.uploads.table import read_table

ROWS = 5
# Somebody is waiting for the answer.
PATIENCE = timedelta(seconds=4)


def try_rows(test: EligibilityTest) -> list[AddressRow]:
    """Rows from the first to the last, with their results; nothing is stored.

    Raises GeocoderError, or Purged if there is no file any more.
    """
    if test.purged_at:
        raise Purged(test.name)
    rows = list(sample(test))
    waiting = [row for row in rows if row.state == State.WAITING]
    if waiting:
        locate(waiting, ask(impatient_geocoder(), waiting))
    assess([row for row in rows if row.state == State.LOCATED])
    return rows


def sample(test: EligibilityTest) -> Iterator[AddressRow]:
    """As they are read by its layout, not saved; the number stands in for the key."""
    content, layout = bytes(test.upload.content), test.layout
    count = sum(1 for _ in read_table(content, layout).rows)
    numbers = {1 + round(part * (count - 1) / (ROWS - 1)) for part in range(ROWS)}
    is_chosen = (number in numbers for number in range(1, count + 1))
    table, short = short_postcodes(read_table(content, layout), layout)
    cells = compress(table.rows, is_chosen)
    for number, row in zip(sorted(numbers), parse(cells, layout, short), strict=True):
        yield AddressRow(**row._replace(number=number)._asdict(), id=number)


def impatient_geocoder() -> Geocoder:
    return Geocoder(
        settings.GEOCODER["url"],
        requests_per_second=settings.GEOCODER["requests_per_second"],
        timeout=min(PATIENCE, settings.GEOCODER["timeout"]),
        patience=min(PATIENCE, settings.GEOCODER["patience"]),
    )


def locate(rows: Sequence[AddressRow], answers: Sequence[Answer]) -> None:
    degrees = [(answer.longitude or 0, answer.latitude or 0) for answer in answers]
    points = to_lambert_93(shapely.points(np.array(degrees)), WGS_84)
    for row, answer, point in zip(rows, answers, points, strict=True):
        row.label, row.citycode = answer.label, answer.citycode
        if row.query:
            row.score = answer.score
            row.state, row.reason, row.facts = judged(answer, point)
            row.x, row.y = point.x, point.y
        else:
            row.state, row.reason = State.LOCATED, Reason.GIVEN


def assess(rows: Sequence[AddressRow]) -> None:
    if rows:
        snapshot = Snapshot.load()
        verdicts = snapshot.assess(np.array([(row.x, row.y) for row in rows]))
        for row, verdict in zip(rows, verdicts, strict=True):
            row.assessment = Assessment(
                **verdict._asdict(),
                calculated_at=timezone.now(),
                transition=Transition.INITIAL,
                data_version=snapshot.data_version,
                rules_version=RULES_VERSION,
            )
