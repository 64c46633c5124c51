"""The only place that reads files of geometries: any format, any coordinate system."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read as read_columns
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from networks.errors import UnreadableFile
from networks.geometry import Geometries, to_lambert_93

FORMATS = [".geojson", ".json", ".gpkg", ".fgb", ".shp"]
ROWS_AT_ONCE = 10_000


class Row(NamedTuple):
    """A feature of the file, whose rows count from 1."""

    number: int
    values: dict[str, Any]
    geometry: BaseGeometry | None


@dataclass(frozen=True)
class GeometryFile:
    """A GeoJSON, GeoPackage, FlatGeobuf or shapefile, or a zip that contains one."""

    path: Path
    source: str
    columns: list[str]
    crs: str

    @classmethod
    def open(cls, path: Path) -> "GeometryFile":
        """The file, or UnreadableFile if it has no geometries to read."""
        with refused(path):
            source = source_of(path)
            layers = pyogrio.list_layers(source)
            if len(layers) != 1:
                names = ", ".join(str(name) for name, _ in layers)
                raise UnreadableFile(path, f"it has {len(layers)} layers ({names}); give one.")
            info = pyogrio.read_info(source)
        if layers[0][1] is None:
            raise UnreadableFile(path, "it is a table without geometries.")
        if not info["crs"]:
            raise UnreadableFile(path, "it names no coordinate system; a shapefile needs its .prj.")
        return cls(path, source, [str(name) for name in info["fields"]], info["crs"])

    def rows(self) -> Iterator[list[Row]]:
        """All rows in Lambert-93, some at a time; UnreadableFile if the file ends too early."""
        first = 0
        while batch := self._read(first):
            yield batch
            first += len(batch)

    def _read(self, first: int) -> list[Row]:
        with refused(self.path):
            _, _, wkb, columns = read_columns(
                self.source, skip_features=first, max_features=ROWS_AT_ONCE
            )
            # What cannot be decoded is no geometry, and its row will be rejected.
            geometries = self._placed(shapely.from_wkb(wkb, on_invalid="ignore"))
        values = (dict(zip(self.columns, row, strict=True)) for row in zip(*columns, strict=True))
        return [
            Row(number, row, geometry)
            for number, (row, geometry) in enumerate(
                zip(values, geometries, strict=True), first + 1
            )
        ]

    def _placed(self, geometries: Geometries) -> Geometries:
        return to_lambert_93(geometries, self.crs)


def source_of(path: Path) -> str:
    """What GDAL opens: the file, or the one readable file in a zip."""
    if not path.is_file():
        raise UnreadableFile(path, "there is no such file.")
    if path.suffix.lower() != ".zip":
        return str(path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    # macOS adds a shadow of each file in a folder of its own.
    found = [name for name in names if readable(name) and not name.startswith("__MACOSX/")]
    if len(found) != 1:
        raise UnreadableFile(
            path,
            f"it must contain one file of {', '.join(FORMATS)}; "
            f"found {', '.join(found or names) or 'nothing'}.",
        )
    return f"/vsizip/{{{path.resolve()}}}/{found[0]}"


def readable(name: str) -> bool:
    return Path(name).suffix.lower() in FORMATS


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """Whatever the libraries say of a broken file, as UnreadableFile."""
    try:
        yield
    except zipfile.BadZipFile as error:
        raise UnreadableFile(path, f"it is not a readable zip ({error}).") from error
    except (DataSourceError, DataLayerError, CRSError, ShapelyError, OSError) as error:
        raise UnreadableFile(path, f"it cannot be read: {error}") from error
