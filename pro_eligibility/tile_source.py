"""The tile source `tests-adresses`: every tested place, for administrators."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import connection

from pro_eligibility import sql
from tiles.sources import Feature, TileSource

ROWS_AT_ONCE = 1_000


def all_places() -> Iterator[Feature]:
    """One feature for each place, with the tests it is in; no persons, and nothing of what was
    deleted."""
    # Every process imports this file; the libraries of geometry, only one that builds.
    import shapely

    from networks.geometry import to_wgs_84

    with connection.chunked_cursor() as cursor:
        cursor.execute(sql.TESTED_PLACES)
        # One iterator for all: the cursor is closed when the first one made of it goes.
        left = iter(cursor)
        while rows := list(islice(left, ROWS_AT_ONCE)):
            places = to_wgs_84(shapely.points([(x, y) for _, x, y, *_ in rows]))
            for (id, _, _, *facts), place in zip(rows, places, strict=True):
                yield Feature(id, place, properties(*facts))


def properties(label: str, type: str, eligible: bool, tests: Any) -> dict[str, Any]:
    return {
        "adresse": label or None,
        "eligibility": type,
        "eligible": eligible,
        "tests": json.dumps(tests, ensure_ascii=False) if not isinstance(tests, str) else tests,
    }


TESTED_PLACES = TileSource(
    id="tests-adresses",
    label="Adresses testées",
    features=all_places,
    max_zoom=12,
    options=("--drop-rate=0", "--no-tile-size-limit", "--no-feature-limit"),
    cache="short",
    private=True,
    may_be_empty=True,
    keeps_former=False,
)
