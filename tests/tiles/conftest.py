"""Sources that exist for as long as a test lasts, and builds of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
from shapely.geometry import Point

from jobs.running import RunningJob
from tiles.handlers import BuildTiles, TilesBuilt, build_tiles
from tiles.sources import Feature, TileSource, tile_sources

Register = Callable[..., TileSource]


def point(number: int, **properties: Any) -> Feature:
    return Feature(number, Point(2.0 + number / 100, 48.8), properties)


@dataclass
class Build:
    """Runs the job as a worker would, and remembers what it was told on the way."""

    progress: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, name: str) -> TilesBuilt:
        job = RunningJob(
            id=uuid4(),
            type="build_tiles",
            data=BuildTiles(name=name),
            on_progress=self.progress.append,
        )
        return build_tiles(job)


@pytest.fixture
def build() -> Build:
    return Build()


@pytest.fixture
def register() -> Iterator[Register]:
    """Describe a source; one of the same id takes the place of the former."""
    before = dict(tile_sources._sources)

    def register(**fields: Any) -> TileSource:
        source = replace(POINTS, **fields)
        tile_sources._sources.pop(source.id, None)
        return tile_sources.register(source)

    yield register
    tile_sources._sources = before


POINTS = TileSource(
    id="points",
    label="Points",
    features=lambda: [point(number, name=f"n{number}") for number in range(10)],
    min_zoom=5,
    max_zoom=7,
)
