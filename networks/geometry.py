"""Geometries in Lambert-93 (EPSG:2154), the metres in which France measures.

They are stored so because the distances that decide eligibility are measured so; map tiles, which
want longitudes and latitudes, are built far less often than distances are measured.
"""

from functools import cache
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

LAMBERT_93, WGS_84 = "EPSG:2154", "EPSG:4326"
# Metropolitan France, its waters included; elsewhere Lambert-93 measures nothing useful.
WEST, SOUTH, EAST, NORTH = 0, 5_900_000, 1_400_000, 7_250_000
DECIMALS = 3  # millimetres

Geometries = npt.NDArray[Any]


def to_lambert_93(geometries: Geometries, crs: str) -> Geometries:
    """These geometries of another coordinate system: flat, in metres, to the millimetre.

    To the millimetre, because the same place read from two formats differs in its last digits.
    """
    move = transformer(crs, LAMBERT_93)

    def rounded(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.round(np.column_stack(move.transform(*points.T)), DECIMALS)

    return cast(Geometries, shapely.transform(shapely.force_2d(geometries), rounded))


def to_wgs_84(geometries: Geometries) -> Geometries:
    """Longitudes and latitudes."""
    move = transformer(LAMBERT_93, WGS_84)
    return cast(
        Geometries,
        shapely.transform(geometries, lambda points: np.column_stack(move.transform(*points.T))),
    )


def in_france(geometry: BaseGeometry) -> bool:
    west, south, east, north = geometry.bounds
    # False, too, if a point could not be converted and lies at infinity.
    return bool(west >= WEST and south >= SOUTH and east <= EAST and north <= NORTH)


@cache
def transformer(origin: str, target: str) -> Transformer:
    # Longitude before latitude, whatever the authority of the system says.
    return Transformer.from_crs(origin, target, always_xy=True)
