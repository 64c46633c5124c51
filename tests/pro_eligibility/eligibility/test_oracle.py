"""The fast rules against the plain ones, in worlds made up at random."""

from typing import Any

import numpy as np
import pytest
from shapely.geometry import LineString, MultiLineString, MultiPolygon, box

from networks.models import Commune, DevelopmentPerimeter, HeatNetwork, NetworkUnderConstruction
from pro_eligibility.eligibility.snapshot import Snapshot
from pro_eligibility.eligibility.verdict import EligibilityType
from tests.pro_eligibility.eligibility.oracle import Oracle

SIDE = 6_000
INSEE = ["ZZ001", "ZZ002", "ZZ003", "ZZ004"]  # of no département
POINTS = 300


class RandomWorld:
    """A few networks of each kind in a square of 6 km, with a gap between its communes."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.heat = [self.heat_network(number) for number in range(1, 13)]
        self.future = [self.under_construction(number) for number in range(1, 9)]
        self.perimeters = [self.perimeter(number) for number in range(1, 8)]
        self.communes = [
            Commune(insee=insee, name=f"Commune {insee}", geometry=MultiPolygon([box(*corners)]))
            for insee, corners in zip(
                INSEE,
                [(0, 0, 2e3, 2e3), (2e3, 0, 4e3, 2e3), (0, 2e3, 2e3, 4e3), (2e3, 2.1e3, 4e3, 4e3)],
                strict=True,
            )
        ]

    def heat_network(self, number: int) -> HeatNetwork:
        sncu = {1: "7501C", 2: "7511C"}.get(number, f"{number:04}C")
        return HeatNetwork(
            id_fcu=number,
            sncu=sncu,
            name=f"Réseau {number}",
            taux_enrr=float(number),
            contenu_co2_acv=number / 100,
            open_to_connections=self.random.random() < 0.8,
            geometry=self.trace() if self.random.random() < 0.7 else None,
            communes_insee=self.some(INSEE),
        )

    def under_construction(self, number: int) -> NetworkUnderConstruction:
        return NetworkUnderConstruction(
            id_fcu=number,
            name=f"Projet {number}",
            open_to_connections=self.random.random() < 0.8,
            geometry=self.trace() if self.random.random() < 0.5 else self.area(400),
        )

    def perimeter(self, number: int) -> DevelopmentPerimeter:
        return DevelopmentPerimeter(
            id_fcu=number,
            sncu=str(self.random.choice(["", "7501C", "0005C", "9999C"])),
            heat_network_ids=[int(number) for number in self.some(range(1, 15))],
            under_construction_ids=[int(number) for number in self.some(range(1, 11))],
            geometry=self.area(700),
        )

    def some(self, values: Any) -> list[Any]:
        return list(self.random.choice(values, self.random.integers(0, 3)))

    def trace(self) -> MultiLineString:
        """A walk of 20 steps, and a stray piece elsewhere."""
        steps = self.random.normal(0, 60, (20, 2))
        walk = LineString(self.random.uniform(0, SIDE, 2) + np.cumsum(steps, axis=0))
        start = self.random.uniform(0, SIDE, 2)
        return MultiLineString([walk, LineString([start, start + 50])])

    def area(self, size: float) -> MultiPolygon:
        west, south = self.random.uniform(0, SIDE, 2)
        width, height = self.random.uniform(size / 2, size, 2)
        return MultiPolygon([box(west, south, west + width, south + height)])

    def points(self) -> np.ndarray:
        return self.random.uniform(-500, SIDE + 500, (POINTS, 2))

    def snapshot(self) -> Snapshot:
        return Snapshot.of(
            heat_networks=self.heat,
            under_construction=self.future,
            perimeters=self.perimeters,
            communes=self.communes,
        )

    def oracle(self) -> Oracle:
        return Oracle(self.heat, self.future, self.perimeters, self.communes)


@pytest.mark.parametrize("seed", range(12))
def test_the_verdicts_are_those_of_the_plain_rules(seed):
    world = RandomWorld(seed)
    points = world.points()

    verdicts = world.snapshot().assess(points)

    oracle = world.oracle()
    assert verdicts == [oracle.verdict(x, y) for x, y in points]


def test_the_random_worlds_have_places_of_every_type():
    verdicts = [
        verdict
        for seed in range(12)
        for world in [RandomWorld(seed)]
        for verdict in world.snapshot().assess(world.points())
    ]

    assert {verdict.type for verdict in verdicts} == set(EligibilityType)
