"""What people hand in as a geometry becomes one of a kind: in parts, in metres, sound."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from networks.errors import CannotRequest, Unfit
from networks.geometry import LAMBERT_93, WGS_84, to_lambert_93
from networks.kinds import Kind
from networks.reading import GeometryFile
from networks.shapes import whole

# GeoJSON, as text or as Python has it; a file of any format; or a geometry.
Drawing: TypeAlias = str | Mapping[str, Any] | Path | BaseGeometry

TEXTS = [".geojson", ".json"]


def drawn(drawing: Drawing, kind: Kind) -> BaseGeometry:
    """All of the drawing that fits the kind, as one geometry in Lambert-93.

    Raises CannotRequest, or UnreadableFile.
    """
    try:
        return kind.shape.of(merged(list(placed(drawing)), kind))
    except Unfit as error:
        said = f"The geometry does not fit {kind.name}: {error}"
        raise CannotRequest(said if said.endswith("?") else f"{said}.") from None


def placed(drawing: Drawing) -> Iterator[BaseGeometry]:
    """Its geometries in Lambert-93."""
    if isinstance(drawing, BaseGeometry):
        return converted(drawing, guessed(drawing))
    if isinstance(drawing, Path) and drawing.suffix.lower() not in TEXTS:
        # Such files say themselves what their coordinates are.
        batches = GeometryFile.open(drawing).rows()
        return (row.geometry for rows in batches for row in rows if row.geometry is not None)
    # Of GeoJSON nobody believes that it is in degrees: exports in metres are common.
    return from_geojson(drawing)


def from_geojson(given: str | Mapping[str, Any] | Path) -> Iterator[BaseGeometry]:
    try:
        text = given.read_text("utf-8-sig") if isinstance(given, Path) else given
        content = json.loads(text) if isinstance(text, str) else text
        geometry = shapely.from_geojson(json.dumps(content))
    except (OSError, ValueError, ShapelyError) as error:
        raise CannotRequest(
            f"The geometry is not readable GeoJSON ({error}); give a geometry, a Feature or "
            "a FeatureCollection."
        ) from error
    return converted(geometry, named_crs(content) or guessed(geometry))


def named_crs(content: Any) -> str | None:
    """What older GeoJSON says of its coordinates, such as urn:ogc:def:crs:EPSG::2154."""
    try:
        return str(content["crs"]["properties"]["name"])
    except (KeyError, TypeError):
        return None


def guessed(geometry: BaseGeometry) -> str:
    """Degrees are small numbers, metres are large ones."""
    points = np.abs(shapely.get_coordinates(geometry))
    return WGS_84 if (points <= [180, 90]).all() else LAMBERT_93


def converted(geometry: BaseGeometry, crs: str) -> Iterator[BaseGeometry]:
    parts = np.array(list(parts_in(geometry)), dtype=object)
    return iter(to_lambert_93(parts, crs))


def merged(geometries: list[BaseGeometry], kind: Kind) -> BaseGeometry:
    """The parts that are of a type that this kind is made of, as one geometry."""
    parts = [part for geometry in geometries for part in parts_in(shapely.make_valid(geometry))]
    fitting = [[part for part in parts if part.geom_type == type_] for type_ in kind.shape.parts]
    found = [group for group in fitting if group]
    if len(found) > 1:
        raise Unfit("it mixes lines and areas; give the one or the other")
    if not found:
        types = " and ".join(sorted({part.geom_type for part in parts})) or "nothing"
        raise Unfit(f"it is made of {types}; expected {kind.shape.names}")
    union = shapely.union_all(found[0])
    return whole(found[0][0].geom_type, list(parts_in(union)))


def parts_in(geometry: BaseGeometry | None) -> Iterator[BaseGeometry]:
    """What it is made of, however deep that lies in collections."""
    if geometry is None or geometry.is_empty:
        return
    if not hasattr(geometry, "geoms"):
        yield geometry
        return
    for part in geometry.geoms:
        yield from parts_in(part)
