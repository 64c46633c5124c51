"""The nearest network of each of many points, in one search of a tree."""

import shapely

from pro_eligibility.eligibility.found import Found
from pro_eligibility.eligibility.pieces import Geometries, Pieces


class Nearest:
    """A search among some networks; of two that are as near, it finds the lower number."""

    def __init__(self, pieces: Pieces) -> None:
        self._owners = pieces.owners
        self._tree = shapely.STRtree(pieces.geometries)

    def of(self, points: Geometries, *, within: float | None = None) -> Found:
        """The nearest, however far away it is if no distance is given."""
        if not len(self._tree):
            return Found.nothing(len(points))
        (point, piece), distances = self._tree.query_nearest(
            points, max_distance=within, return_distance=True
        )
        # One point several times: there are pieces at exactly the same distance.
        found = Found.lowest(len(points), point, self._owners[piece])
        found.distance[point] = distances
        return found
