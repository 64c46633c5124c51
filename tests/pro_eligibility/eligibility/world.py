"""Made-up networks around one place, never saved: a point is so many metres north of a line."""

from itertools import count
from typing import Any

import numpy as np

from networks.models import Commune, DevelopmentPerimeter, HeatNetwork, NetworkUnderConstruction
from pro_eligibility.eligibility.snapshot import Snapshot
from pro_eligibility.eligibility.verdict import Verdict
from tests.networks.factories import (
    CommuneFactory,
    DevelopmentPerimeterFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
    X,
    Y,
    line,
    square,
)

HERE = (X + 500, Y + 500)
ids = count(1)


def heat(north: float = 0, **fields: Any) -> HeatNetwork:
    """A heat network whose trace lies so many metres north of HERE."""
    return HeatNetworkFactory.build(**{"id_fcu": next(ids), "geometry": trace(north)} | fields)


def heat_without_trace(**fields: Any) -> HeatNetwork:
    return heat(geometry=None, **fields)


def future(north: float = 0, **fields: Any) -> NetworkUnderConstruction:
    return NetworkUnderConstructionFactory.build(
        **{"id_fcu": next(ids), "geometry": trace(north)} | fields
    )


def zone(north: float = -500, **fields: Any) -> NetworkUnderConstruction:
    """A square of 1 km whose southern edge lies so many metres north of HERE."""
    return future(geometry=area(north), **fields)


def perimeter(north: float = -500, **fields: Any) -> DevelopmentPerimeter:
    return DevelopmentPerimeterFactory.build(
        **{"id_fcu": next(ids), "geometry": area(north)} | fields
    )


def commune(north: float = -500, **fields: Any) -> Commune:
    return CommuneFactory.build(**{"geometry": area(north)} | fields)


def trace(north: float) -> Any:
    return line(HERE[0] - 500, HERE[1] + north)


def area(north: float) -> Any:
    return square(HERE[0] - 500, HERE[1] + north)


def verdict_among(*rows: Any) -> Verdict:
    """About HERE."""
    return snapshot_of(*rows).assess(np.array([HERE], dtype=float))[0]


def snapshot_of(*rows: Any) -> Snapshot:
    return Snapshot.of(
        heat_networks=[row for row in rows if isinstance(row, HeatNetwork)],
        under_construction=[row for row in rows if isinstance(row, NetworkUnderConstruction)],
        perimeters=[row for row in rows if isinstance(row, DevelopmentPerimeter)],
        communes=[row for row in rows if isinstance(row, Commune)],
    )
