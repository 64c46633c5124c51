"""Which columns hold coordinates: their values say, whatever their names are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Literal

from networks.geometry import EAST, LAMBERT_93, NORTH, SOUTH, WEST, WGS_84
from pro_eligibility.uploads.coordinates import number, pair
from pro_eligibility.uploads.names import Role

# Metropolitan France, in degrees.
LONGITUDES, LATITUDES = (-5.5, 10.0), (41.0, 51.6)
# By crs: where x is, and where y is.
RANGES = {WGS_84: (LONGITUDES, LATITUDES), LAMBERT_93: ((WEST, EAST), (SOUTH, NORTH))}
MOST, HALF = 0.8, 0.5

Values = list[float | None]


@dataclass(frozen=True)
class Points:
    """A way to read coordinates out of a table; `valid` is the share of its rows in France, 0–1."""

    crs: str
    valid: float
    x: int
    y: int
    order: Literal["yx", "xy"] | None = None  # one column holds both
    swapped: bool = False

    def fields(self) -> dict[str, Any]:
        place: dict[str, Any] = (
            {"xy_column": self.x, "xy_order": self.order}
            if self.order
            else {"x_column": self.x, "y_column": self.y}
        )
        return {"mode": "coordinates", "crs": self.crs, **place}


def best_points(roles: Sequence[Role | None], rows: list[list[str]]) -> Points | None:
    """The way that puts most rows into France; named columns of numbers are read in any case."""
    if named := [*named_points(roles, rows)]:
        return max(named, key=lambda points: points.valid)
    unnamed = [*unnamed_points(roles, rows)]
    best = max(unnamed, key=lambda points: points.valid, default=None)
    return best if best and best.valid >= MOST else None


def named_points(roles: Sequence[Role | None], rows: list[list[str]]) -> Iterator[Points]:
    for column, role in enumerate(roles):
        if role == "xy":
            yield from points_in(column, rows)
    xs, ys = ([n for n, role in enumerate(roles) if role == wanted] for wanted in ("x", "y"))
    for x in xs:
        for y in ys:
            first, second = values(x, rows), values(y, rows)
            if min(filled(first), filled(second)) < HALF * len(rows):
                continue
            for crs in RANGES:
                yield Points(crs, valid(first, second, crs), x, y)
                yield Points(crs, valid(second, first, crs), y, x, swapped=True)


def unnamed_points(roles: Sequence[Role | None], rows: list[list[str]]) -> Iterator[Points]:
    """Only of fractions: an age or an amount may lie between 41 and 51 too."""
    columns = [column for column, role in enumerate(roles) if role is None]
    fractions = {
        column: found
        for column in columns
        if filled(found := values(column, rows)) >= MOST * len(rows)
        and sum(value is not None and value % 1 != 0 for value in found) >= MOST * len(rows)
    }
    for x, y in permutations(fractions, 2):
        for crs in RANGES:
            yield Points(crs, valid(fractions[x], fractions[y], crs), x, y)
    for column in columns:
        yield from points_in(column, rows)


def points_in(column: int, rows: list[list[str]]) -> Iterator[Points]:
    """Both coordinates in one column, if it holds pairs."""
    pairs = [pair(row[column]) if column < len(row) else None for row in rows]
    first: Values = [both[0] if both else None for both in pairs]
    second: Values = [both[1] if both else None for both in pairs]
    if filled(first) < HALF * len(rows):
        return
    for crs in RANGES:
        yield Points(crs, valid(second, first, crs), column, column, order="yx")
        yield Points(crs, valid(first, second, crs), column, column, order="xy")


def values(column: int, rows: list[list[str]]) -> Values:
    return [number(row[column]) if column < len(row) else None for row in rows]


def filled(found: Values) -> int:
    return sum(value is not None for value in found)


def valid(xs: Values, ys: Values, crs: str) -> float:
    """The share of these points that lie in France."""
    (west, east), (south, north) = RANGES[crs]
    inside = sum(
        x is not None and y is not None and west <= x <= east and south <= y <= north
        for x, y in zip(xs, ys, strict=True)
    )
    return inside / len(xs) if xs else 0.0
