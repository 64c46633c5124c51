"""What tippecanoe made, read once from end to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pmtiles.reader import MmapSource, Reader, all_tiles

from tiles.address import Bounds, TileAddress

DEGREE = 10_000_000  # PMTiles counts in these

Gzipped = bytes


class Archive:
    """A PMTiles file."""

    def __init__(self, read: Any) -> None:
        self._read = read
        header: dict[str, Any] = Reader(read).header()
        self.min_zoom, self.max_zoom = int(header["min_zoom"]), int(header["max_zoom"])
        corners = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        self.bounds = Bounds(*(header[corner] / DEGREE for corner in corners))
        self.vector_layers: list[dict[str, Any]] = Reader(read).metadata()["vector_layers"]

    def tiles(self) -> Iterator[tuple[TileAddress, Gzipped]]:
        for address, data in all_tiles(self._read):
            yield TileAddress(*address), data


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    with path.open("rb") as file:
        yield Archive(MmapSource(file))
