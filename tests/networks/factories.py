"""Communes and heat networks for the tests: squares and lines around the point 700 km, 6,600 km."""

from typing import Any

import factory
from factory.django import DjangoModelFactory
from shapely.geometry import LineString, MultiLineString, MultiPolygon, box

from networks.models import Commune, HeatNetwork

X, Y = 700_000, 6_600_000


class CommuneFactory(DjangoModelFactory[Commune]):
    """A square of 10 km."""

    class Meta:
        model = Commune

    insee = factory.Sequence(lambda n: f"{n:05}")
    name = factory.LazyAttribute(lambda commune: f"Commune {commune.insee}")
    geometry: Any = factory.LazyFunction(lambda: MultiPolygon([box(X, Y, X + 10_000, Y + 10_000)]))


class HeatNetworkFactory(DjangoModelFactory[HeatNetwork]):
    """A line of 1 km."""

    class Meta:
        model = HeatNetwork

    class Params:
        without_trace = factory.Trait(geometry=None)

    sncu = factory.Sequence(lambda n: f"{n:04}C")
    name = "Réseau du Centre"
    manager = "Chaleur SA"
    taux_enrr = 50.5
    geometry: Any = factory.LazyFunction(
        lambda: MultiLineString([LineString([(X, Y), (X + 1_000, Y)])])
    )
