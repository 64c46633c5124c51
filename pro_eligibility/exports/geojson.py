"""GeoJSON with a feature for each row, those without a place included."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from pro_eligibility.exports.columns import COLUMNS, DEGREES, Value
from pro_eligibility.exports.records import Record, batches
from pro_eligibility.exports.sheet import column_names
from pro_eligibility.models import EligibilityTest


def geojson_parts(test: EligibilityTest) -> Iterator[bytes]:
    """Some features at a time. Raises NotRead or Purged at once."""
    read = batches(test)
    names = unique_names([*column_names(test), *(column.key for column in COLUMNS)])
    return parts(names, read)


def parts(names: list[str], read: Iterable[list[Record]]) -> Iterator[bytes]:
    yield b'{"type": "FeatureCollection", "features": ['
    comma = ""
    for batch in read:
        features = [json.dumps(feature(names, record), ensure_ascii=False) for record in batch]
        yield (comma + ",\n".join(features)).encode()
        comma = ",\n"
    yield b"]}\n"


def feature(names: list[str], record: Record) -> dict[str, object]:
    cells, ours = record.row.cells, [plain(column.value(record)) for column in COLUMNS]
    blanks = [""] * (len(names) - len(cells) - len(ours))
    values = [*cells, *blanks, *ours]
    properties = dict(zip(names, values, strict=True))
    return {"type": "Feature", "geometry": point(record), "properties": properties}


def point(record: Record) -> dict[str, object] | None:
    if record.longitude is None or record.latitude is None:
        return None
    place = [round(record.longitude, DEGREES), round(record.latitude, DEGREES)]
    return {"type": "Point", "coordinates": place}


def plain(value: Value) -> Value:
    return value.isoformat() if isinstance(value, datetime) else value


def unique_names(names: Iterable[str]) -> list[str]:
    """Each as it is, or with the first number that makes it another one: “a”, “a (2)”."""
    taken: dict[str, None] = {}
    for name in names:
        number, given = 1, name or "?"
        unique = given
        while unique in taken:
            number += 1
            unique = f"{given} ({number})"
        taken[unique] = None
    return list(taken)
