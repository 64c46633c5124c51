"""Places for the tests, all made up: squares and lines around the point 700 km, 6,600 km."""

from typing import Any

import factory
from factory.django import DjangoModelFactory
from shapely.geometry import LineString, MultiLineString, MultiPolygon, box

from networks.models import (
    ColdNetwork,
    Commune,
    DevelopmentPerimeter,
    GeometryUpdate,
    HeatNetwork,
    NetworkUnderConstruction,
)

X, Y = 700_000, 6_600_000


def line(x: float = X, y: float = Y, length: float = 1_000) -> MultiLineString:
    """A line towards the east."""
    return MultiLineString([LineString([(x, y), (x + length, y)])])


def square(x: float = X, y: float = Y, side: float = 1_000) -> MultiPolygon:
    """A square whose south-western corner is given."""
    return MultiPolygon([box(x, y, x + side, y + side)])


class CommuneFactory(DjangoModelFactory[Commune]):
    """A square of 10 km."""

    class Meta:
        model = Commune

    insee = factory.Sequence(lambda n: f"{n:05}")
    name = factory.LazyAttribute(lambda commune: f"Commune {commune.insee}")
    geometry: Any = factory.LazyFunction(lambda: square(side=10_000))


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
    geometry: Any = factory.LazyFunction(line)


class ColdNetworkFactory(DjangoModelFactory[ColdNetwork]):
    """A line of 1 km."""

    class Meta:
        model = ColdNetwork

    class Params:
        without_trace = factory.Trait(geometry=None)

    sncu = factory.Sequence(lambda n: f"{n:04}F")
    name = "Réseau de froid du Centre"
    manager = "Fraîcheur SA"
    taux_enrr = 40.5
    geometry: Any = factory.LazyFunction(line)


class NetworkUnderConstructionFactory(DjangoModelFactory[NetworkUnderConstruction]):
    """A line of 1 km, or a square of 1 km that will be served."""

    class Meta:
        model = NetworkUnderConstruction

    class Params:
        zone = factory.Trait(geometry=factory.LazyFunction(square))

    name = "Réseau de demain"
    manager = "Chaleur SA"
    commissioning = "2027"
    geometry: Any = factory.LazyFunction(line)


class DevelopmentPerimeterFactory(DjangoModelFactory[DevelopmentPerimeter]):
    """A square of 1 km that belongs to no network."""

    class Meta:
        model = DevelopmentPerimeter

    name = "Périmètre du Centre"
    geometry: Any = factory.LazyFunction(square)


class GeometryUpdateFactory(DjangoModelFactory[GeometryUpdate]):
    """A heat network that waits to be created."""

    class Meta:
        model = GeometryUpdate

    kind = "heat-networks"
    action = GeometryUpdate.Action.CREATE
    attributes: Any = factory.LazyFunction(lambda: {"sncu": "9901C"})
    geometry: Any = factory.LazyFunction(line)
