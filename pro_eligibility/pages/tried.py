"""What the geocoder and the networks say of a few rows, before the start."""

import logging
from typing import Any, NamedTuple

from pro_eligibility.geocoding.errors import GeocoderError
from pro_eligibility.models import AddressRow, Assessment, EligibilityTest
from pro_eligibility.pages.sample import degrees
from pro_eligibility.trial import try_rows
from pro_eligibility.uploads.layout import Layout

logger = logging.getLogger(__name__)


class Tried(NamedTuple):
    number: int
    asked: str
    found: str
    score: int | None
    sentence: str
    verdict: Assessment | None


def tried(test: EligibilityTest, layout: Layout) -> dict[str, Any]:
    """For the page; nothing is saved."""
    test.layout_data = layout.model_dump()
    try:
        rows = try_rows(test)
    except GeocoderError:
        logger.warning("Rows of eligibility test %s could not be tried.", test.pk, exc_info=True)
        return {"geocoder_is_away": True}
    return {"tried": [line_of(row, test.score_threshold) for row in rows]}


def line_of(row: AddressRow, threshold: int) -> Tried:
    asked = row.query or degrees(row.x, row.y)
    sentence = row.sentence(threshold)
    return Tried(row.number, asked, row.label, row.score, sentence, row.assessment)
