"""The one form in which each kind of geometry is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from networks.errors import Unfit

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# Every process imports this file; shapely, which is heavy, only those that meet a geometry.
WHOLES = {"LineString": "MultiLineString", "Polygon": "MultiPolygon"}


@dataclass(frozen=True)
class Shape:
    """A geometry made of parts of one type, which is one of these, as shapely calls them."""

    parts: tuple[str, ...]

    def of(self, geometry: "BaseGeometry") -> "BaseGeometry":
        """The geometry repaired, in parts and in a fixed order, or Unfit with the reason.

        The order makes it equal to itself when another format turns its rings around.
        """
        import shapely

        from networks.geometry import in_france

        type_ = self._type_of(geometry)
        if not in_france(geometry):
            raise Unfit(
                "it is not in metropolitan France; "
                "are latitude and longitude swapped, or the coordinate system wrong?"
            )
        parts = [part for part in parts_of(geometry) if part.geom_type == type_]
        if not parts:
            raise Unfit(f"it cannot be repaired: {shapely.is_valid_reason(geometry)}")
        return shapely.normalize(whole(type_, parts))

    @property
    def names(self) -> str:
        return " or ".join(f"{part} or {WHOLES[part]}" for part in self.parts)

    def _type_of(self, geometry: "BaseGeometry") -> str:
        for part in self.parts:
            if geometry.geom_type in (part, WHOLES[part]):
                return part
        raise Unfit(f"it is a {geometry.geom_type}; expected {self.names}")


def whole(type_: str, parts: Sequence["BaseGeometry"]) -> "BaseGeometry":
    """One geometry made of these parts, which are of this type."""
    import shapely

    return getattr(shapely, WHOLES[type_])(parts)


def parts_of(geometry: "BaseGeometry") -> list["BaseGeometry"]:
    """Its parts once it is valid: a repair may leave points and lines of what was an area."""
    import shapely

    sound = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = shapely.get_parts(sound)
    # A repaired one may be a collection of multi-geometries.
    return list(shapely.get_parts(parts))


AREAS = Shape(("Polygon",))
LINES = Shape(("LineString",))
LINES_OR_AREAS = Shape(("LineString", "Polygon"))
