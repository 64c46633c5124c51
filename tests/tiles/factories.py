"""Tiles for the tests that did not come from tippecanoe."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import factory
from factory.django import DjangoModelFactory

from tiles.address import Bounds, TileAddress
from tiles.models import Tile, Tileset, TilesetPointer

# Zooms 0 and 1 of the western hemisphere; the south of it is empty.
ROOT, NORTH_WEST = TileAddress(0, 0, 0), TileAddress(1, 0, 0)

WESTERN = Bounds(-180, -85, -1, 85)


def packed(content: bytes) -> bytes:
    # Without the time, which gzip would add: the same content gives the same tile.
    return gzip.compress(content, mtime=0)


@dataclass
class MadeUpArchive:
    """What `Tileset.publish` takes, without a file."""

    content: dict[TileAddress, bytes] = field(
        default_factory=lambda: {ROOT: packed(b"root"), NORTH_WEST: packed(b"nw")}
    )
    min_zoom: int = 0
    max_zoom: int = 1
    bounds: Bounds = WESTERN
    vector_layers: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": "layer", "fields": {"name": "String"}}]
    )

    def tiles(self) -> Iterator[tuple[TileAddress, bytes]]:
        yield from self.content.items()


class TilesetFactory(DjangoModelFactory[Tileset]):
    """A version of `communes` with two tiles, served from now on."""

    class Meta:
        model = Tileset

    source = "communes"
    archive = factory.LazyFunction(MadeUpArchive)

    @classmethod
    def _create(cls, model_class: type[Tileset], *args: Any, **kwargs: Any) -> Tileset:
        version = TilesetPointer.take_version(kwargs["source"])
        return model_class.publish(kwargs["source"], version, kwargs["archive"], features=1)


def tiles_of(tileset: Tileset) -> dict[TileAddress, bytes]:
    rows = Tile.objects.filter(tileset=tileset).values_list("z", "x", "y", "data")
    return {TileAddress(z, x, y): bytes(data) for z, x, y, data in rows}
