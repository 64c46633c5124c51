"""Made networks, perimeters and points over Île-de-France, the same in every run."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from django.conf import settings
from pyogrio.raw import read
from shapely.geometry import MultiLineString, box

from networks.geometry import WGS_84, to_lambert_93
from networks.models import Commune, DevelopmentPerimeter, HeatNetwork, NetworkUnderConstruction
from pro_eligibility.eligibility.snapshot import Snapshot

Floats = npt.NDArray[np.float64]

SOUTH_WEST, NORTH_EAST = (600_000, 6_800_000), (710_000, 6_910_000)
STEP_M = 10  # between two vertices, as in traces that were digitised from plans
TURN = 0.3  # radians from step to step
NETWORKS, VERTICES = 1_000, 2_000_000
TO_COME, PERIMETERS = 100, 100  # of the networks; besides, as many zones


class World(NamedTuple):
    heat: list[HeatNetwork]
    future: list[NetworkUnderConstruction]
    perimeters: list[DevelopmentPerimeter]
    communes: list[Commune]

    @classmethod
    def made(cls, *, networks: int = NETWORKS, vertices: int = VERTICES) -> "World":
        random = np.random.default_rng(4)
        each = vertices // networks
        traces = [MultiLineString([walk(random, each)]) for _ in range(networks)]
        to_come = networks * TO_COME // NETWORKS
        zones = [around(MultiLineString([walk(random, 20)])) for _ in range(to_come)]
        heat = [
            HeatNetwork(id_fcu=number, sncu=sncu(number), name="Réseau", geometry=trace)
            for number, trace in enumerate(traces[to_come:], 1)
        ]
        future = [
            NetworkUnderConstruction(id_fcu=number, name="Projet", geometry=geometry)
            for number, geometry in enumerate([*traces[:to_come], *zones], 1)
        ]
        perimeters = [
            DevelopmentPerimeter(
                id_fcu=row.id_fcu,
                sncu=row.sncu,
                under_construction_ids=[row.id_fcu],
                geometry=around(row.geometry),
            )
            for row in heat[: networks * PERIMETERS // NETWORKS]
        ]
        return cls(heat, future, perimeters, communes())

    def snapshot(self) -> Snapshot:
        return Snapshot.of(
            heat_networks=self.heat,
            under_construction=self.future,
            perimeters=self.perimeters,
            communes=self.communes,
        )

    def points(self, count: int) -> Floats:
        """Half of them anywhere, half of them in the towns, near the networks."""
        random = np.random.default_rng(5)
        anywhere = random.uniform(SOUTH_WEST, NORTH_EAST, (count - count // 2, 2))
        traces = shapely.get_coordinates([row.geometry for row in (*self.heat, *self.future)])
        near = random.choice(traces, count // 2) + random.normal(0, 200, (count // 2, 2))
        return random.permutation(np.concatenate([anywhere, near]))


def walk(random: np.random.Generator, vertices: int) -> Floats:
    directions = np.cumsum(random.normal(0, TURN, vertices))
    steps = np.column_stack([np.cos(directions), np.sin(directions)]) * STEP_M
    walked: Floats = random.uniform(SOUTH_WEST, NORTH_EAST) + np.cumsum(steps, axis=0)
    return walked


def sncu(number: int) -> str:
    return {1: "7501C", 2: "7511C"}.get(number, f"{number:05}C")


def around(geometry: MultiLineString) -> shapely.Polygon:
    """A square of 2 km at its middle."""
    x, y = geometry.interpolate(0.5, normalized=True).coords[0]
    return box(x - 1_000, y - 1_000, x + 1_000, y + 1_000)


def communes() -> list[Commune]:
    """The real ones."""
    _, _, wkb, columns = read(settings.BASE_DIR / "data" / "communes-idf.geojson")
    geometries = to_lambert_93(shapely.from_wkb(wkb), WGS_84)
    return [
        Commune(insee=insee, name=name, geometry=geometry)
        for insee, name, geometry in zip(*columns, geometries, strict=True)
    ]
