"""A column that holds a geometry."""

from typing import TYPE_CHECKING, Any

import shapely
from django.db import models
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    Column = models.BinaryField[Any, Any]
else:
    Column = models.BinaryField


class GeometryField(Column):
    """A shapely geometry in Lambert-93, kept as WKB, so that no PostGIS is needed."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> BaseGeometry | None:
        return None if value is None else shapely.from_wkb(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, BaseGeometry):
            value = shapely.to_wkb(value)
        return super().get_db_prep_value(value, connection, prepared)
