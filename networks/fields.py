"""A column that holds a geometry."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    Column = models.BinaryField[Any, Any]
else:
    Column = models.BinaryField


class GeometryField(Column):
    """A shapely geometry in Lambert-93, kept as WKB, so that no PostGIS is needed.

    Every process imports the models; shapely, which is heavy, only those that meet a geometry.
    """

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> "BaseGeometry | None":
        if value is None:
            return None
        import shapely

        return shapely.from_wkb(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if hasattr(value, "geom_type"):
            import shapely

            value = shapely.to_wkb(value)
        return super().get_db_prep_value(value, connection, prepared)
