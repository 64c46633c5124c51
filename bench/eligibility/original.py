"""The way of the original: one question after another for each address.

With the PostGIS of Debian where it is installed (or that of PG_BINDIR), else over shapely.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import shapely

from bench.eligibility import postgis
from bench.eligibility.world import World


class Way(Protocol):
    name: str

    def ask(self, point: Any) -> None:
        """All that decides the eligibility of one address."""


@contextmanager
def way(world: World) -> Iterator[Way]:
    if programs := postgis.programs():
        with postgis.loaded(world, programs) as database:
            yield database
    else:
        yield Loop(world)


class Loop:
    """Trees over whole geometries, which shapely measures in full for each address."""

    name = "a loop over shapely, as no PostGIS is installed"

    def __init__(self, world: World) -> None:
        self._heat = tree_of(world.heat)
        self._lines = tree_of([row for row in world.future if not row.is_zone])
        self._zones = tree_of([row for row in world.future if row.is_zone])
        self._perimeters = tree_of(world.perimeters)
        self._communes = tree_of(world.communes)
        by_sncu = {row.sncu: row.geometry for row in world.heat}
        by_id = {row.id_fcu: row.geometry for row in world.future}
        self._linked = [
            [by_sncu[row.sncu], *(by_id[key] for key in row.under_construction_ids)]
            for row in world.perimeters
        ]
        self._world = world

    def ask(self, point: Any) -> None:
        place = shapely.Point(point)
        for perimeter in self._perimeters.query(place, predicate="intersects"):
            for geometry in self._linked[perimeter]:
                geometry.distance(place)
        for tree in (self._heat, self._lines, self._zones, self._communes):
            shapely.distance(tree.geometries[tree.nearest(place)], place)
        for commune in self._communes.query(place, predicate="intersects"):
            insee = self._world.communes[commune].insee
            any(not row.geometry and insee in row.communes_insee for row in self._world.heat)


def tree_of(rows: Sequence[Any]) -> shapely.STRtree:
    return shapely.STRtree([row.geometry for row in rows])
