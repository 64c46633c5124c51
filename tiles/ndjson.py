"""Features as newline-delimited GeoJSON, a few in memory at a time."""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import shapely

from tiles.errors import EmptySource, UnreadableSource
from tiles.sources import Feature, TileSource

LINES_AT_ONCE = 1_000


def write_features(source: TileSource, file: Path, told: Callable[[int], None]) -> int:
    """Write a line for each feature and return how many; `told` hears the number so far.

    Raises EmptySource, unless the source may be empty, or UnreadableSource if it fails on the way.
    """
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        for batch in batches(source):
            lines.writelines(map(line, batch, shapely.to_geojson([one.geometry for one in batch])))
            count += len(batch)
            told(count)
    if not count and not source.may_be_empty:
        raise EmptySource(source.id)
    return count


def batches(source: TileSource) -> Iterator[list[Feature]]:
    features = read(source)
    while batch := list(islice(features, LINES_AT_ONCE)):
        yield batch


def read(source: TileSource) -> Iterator[Feature]:
    count = 0
    try:
        for feature in source.features():
            yield feature
            count += 1
    except Exception as error:
        raise UnreadableSource(source.id, count, error) from error


def line(feature: Feature, geometry: str) -> str:
    # Properties without a value are left out: tiles have no null.
    known = {name: value for name, value in feature.properties.items() if value is not None}
    properties = json.dumps(known, ensure_ascii=False)
    return (
        f'{{"type":"Feature","id":{feature.id},"properties":{properties},"geometry":{geometry}}}\n'
    )
