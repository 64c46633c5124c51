"""The areas that contain each of many points."""

import numpy as np
import shapely

from pro_eligibility.eligibility.found import NOTHING, Found
from pro_eligibility.eligibility.nearest import Nearest
from pro_eligibility.eligibility.pieces import Geometries, Numbers, Pieces


class Areas:
    """Communes, zones or perimeters, by the numbers of their pieces."""

    def __init__(self, pieces: Pieces) -> None:
        self._polygons, self._owners = pieces
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)
        self._nearest = Nearest(pieces)

    def containing(self, points: Geometries) -> tuple[Numbers, Numbers]:
        """Pairs of the numbers of a point and an area that contains it, edges included."""
        point, polygon = self._tree.query(points)
        x, y = shapely.get_coordinates(points[point]).T
        inside = shapely.intersects_xy(self._polygons[polygon], x, y)
        return point[inside], self._owners[polygon[inside]]

    def first_containing(self, points: Geometries) -> Found:
        """Of several areas the one with the lowest number; it has no distance."""
        return Found.lowest(len(points), *self.containing(points))

    def containing_or_nearest(self, points: Geometries, *, within: float) -> Found:
        containing = self.first_containing(points)
        outside = np.flatnonzero(containing.number == NOTHING)
        if len(outside):
            nearest = self._nearest.of(points[outside], within=within)
            containing.number[outside] = nearest.number
        return containing
