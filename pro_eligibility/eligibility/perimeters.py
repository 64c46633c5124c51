"""Rule 1: in which development perimeter a point lies, and on which network that rests."""

from functools import cache

import numpy as np

from pro_eligibility.eligibility.areas import Areas
from pro_eligibility.eligibility.catalogue import Catalogue, Links
from pro_eligibility.eligibility.found import UNMEASURED, Found
from pro_eligibility.eligibility.nearest import Nearest
from pro_eligibility.eligibility.pieces import Geometries, Numbers


class Perimeters:
    """All of them, by id_fcu as in the catalogue."""

    def __init__(self, areas: Areas, catalogue: Catalogue) -> None:
        self._areas, self._catalogue = areas, catalogue
        # Made when a point needs it: most files lie in few perimeters.
        self._networks_of = cache(self._networks)

    def of(self, points: Geometries) -> Found:
        """For each point in a perimeter the network, or else the perimeter, it rests on.

        Of several perimeters one with an existing network, then with the nearest network, then
        with the lowest id_fcu.
        """
        best = Found.nothing(len(points))
        rank = self._rank(best.number)
        point, perimeter = self._areas.containing(points)
        for number in np.unique(perimeter):
            inside = point[perimeter == number]
            found = self._networks_of(int(number)).of(points[inside])
            ranks = self._rank(found.number)
            better = (ranks < rank[inside]) | (
                (ranks == rank[inside]) & (found.distance < best.distance[inside])
            )
            for whole, part in zip((*best, rank), (*found, ranks), strict=True):
                whole[inside[better]] = part[better]
        # How far its trace will be from a point in its zone, nobody knows.
        in_zone = (best.distance == 0) & np.isin(best.number, self._catalogue.zones)
        best.distance[in_zone] = UNMEASURED
        return best

    def _rank(self, numbers: Numbers) -> Numbers:
        """0 for an existing network, 1 for one to come, 2 for a perimeter, 3 for nothing."""
        first = [self._catalogue.first_future, self._catalogue.first_perimeter]
        return np.where(numbers < 0, 3, np.searchsorted(first, numbers, side="right"))

    def _networks(self, perimeter: int) -> "LinkedNetworks":
        itself = self._catalogue.first_perimeter + perimeter
        return LinkedNetworks(self._catalogue, self._catalogue.links[perimeter], itself)


class LinkedNetworks:
    """The networks of one perimeter, open to connections or not."""

    def __init__(self, catalogue: Catalogue, links: Links, perimeter: int) -> None:
        heat = catalogue.pieces.owned_by(links.heat)
        future = catalogue.pieces.owned_by(links.future)
        # An existing network without trace is not made a future one by a trace to come.
        self._measured = bool(len(heat.owners) or (len(future.owners) and not links.heat))
        self._unmeasured = [*links.heat, *links.future, perimeter][0]
        self._heat, self._future = Nearest(heat), Nearest(future)
        self._zones = catalogue.zones

    def of(self, points: Geometries) -> Found:
        """The network of each point: the nearest, the existing one of two as near."""
        if not self._measured:
            found = Found.nothing(len(points))
            return found._replace(number=np.full(len(points), self._unmeasured))
        heat, future = self._heat.of(points), self._future.of(points)
        in_zone = (future.distance == 0) & np.isin(future.number, self._zones)
        is_future = in_zone | (future.distance < heat.distance)
        return Found(
            np.where(is_future, future.number, heat.number),
            np.where(is_future, future.distance, heat.distance),
        )
