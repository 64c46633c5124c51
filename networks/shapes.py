"""The one form in which each kind of geometry is kept."""

from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from networks.errors import Unfit
from networks.geometry import in_france


@dataclass(frozen=True)
class Shape:
    """A geometry made of parts of one type."""

    part: type[BaseGeometry]
    whole: type[BaseGeometry]

    def of(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry repaired, in parts and in a fixed order, or Unfit with the reason.

        The order makes it equal to itself when another format turns its rings around.
        """
        if not isinstance(geometry, self.part | self.whole):
            raise Unfit(
                f"it is a {geometry.geom_type}; "
                f"expected {self.part.__name__} or {self.whole.__name__}"
            )
        if not in_france(geometry):
            raise Unfit(
                "it is not in metropolitan France; "
                "are latitude and longitude swapped, or the coordinate system wrong?"
            )
        parts = [part for part in parts_of(geometry) if isinstance(part, self.part)]
        if not parts:
            raise Unfit(f"it cannot be repaired: {shapely.is_valid_reason(geometry)}")
        return shapely.normalize(self.whole(parts))


def parts_of(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Its parts once it is valid: a repair may leave points and lines of what was an area."""
    sound = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = shapely.get_parts(sound)
    # A repaired one may be a collection of multi-geometries.
    return list(shapely.get_parts(parts))


AREAS = Shape(Polygon, MultiPolygon)
LINES = Shape(LineString, MultiLineString)
