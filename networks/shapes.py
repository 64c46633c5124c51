"""The one form in which each kind of geometry is kept."""

from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from networks.errors import Unfit
from networks.geometry import in_france

WHOLES = {LineString: MultiLineString, Polygon: MultiPolygon}


@dataclass(frozen=True)
class Shape:
    """A geometry made of parts of one type, which is one of these."""

    parts: tuple[type[BaseGeometry], ...]

    def of(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry repaired, in parts and in a fixed order, or Unfit with the reason.

        The order makes it equal to itself when another format turns its rings around.
        """
        type_ = self._type_of(geometry)
        if not in_france(geometry):
            raise Unfit(
                "it is not in metropolitan France; "
                "are latitude and longitude swapped, or the coordinate system wrong?"
            )
        parts = [part for part in parts_of(geometry) if isinstance(part, type_)]
        if not parts:
            raise Unfit(f"it cannot be repaired: {shapely.is_valid_reason(geometry)}")
        return shapely.normalize(WHOLES[type_](parts))

    @property
    def names(self) -> str:
        return " or ".join(f"{part.__name__} or {WHOLES[part].__name__}" for part in self.parts)

    def _type_of(self, geometry: BaseGeometry) -> type[BaseGeometry]:
        for part in self.parts:
            if isinstance(geometry, part | WHOLES[part]):
                return part
        raise Unfit(f"it is a {geometry.geom_type}; expected {self.names}")


def parts_of(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Its parts once it is valid: a repair may leave points and lines of what was an area."""
    sound = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = shapely.get_parts(sound)
    # A repaired one may be a collection of multi-geometries.
    return list(shapely.get_parts(parts))


AREAS = Shape((Polygon,))
LINES = Shape((LineString,))
LINES_OR_AREAS = Shape((LineString, Polygon))
