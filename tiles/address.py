"""Where a tile is."""

import math
import re
from typing import NamedTuple

DEEPEST = 30  # beyond that x and y do not fit their columns


class Bounds(NamedTuple):
    """A box on the map, in degrees."""

    west: float
    south: float
    east: float
    north: float


class NotAnAddress(ValueError):
    """What was asked for is not three whole numbers."""

    def __init__(self, **given: str) -> None:
        said = ", ".join(f"{name}={text!r:.30}" for name, text in given.items())
        super().__init__(f"The address of a tile is three whole numbers z/x/y; given {said}.")


class TileAddress(NamedTuple):
    """Zoom, column from the west and row from the north."""

    z: int
    x: int
    y: int

    @classmethod
    def parse(cls, z: str, x: str, y: str) -> "TileAddress":
        """The address in these texts, or NotAnAddress; it may lie outside the world."""
        # Not int() alone, which also takes "+1", "1_0" and the digits of other scripts.
        if not all(re.fullmatch("-?[0-9]{1,20}", text) for text in (z, x, y)):
            raise NotAnAddress(z=z, x=x, y=y)
        return cls(int(z), int(x), int(y))

    def __str__(self) -> str:
        return f"{self.z}/{self.x}/{self.y}"

    def exists(self) -> bool:
        """Whether there is such a place in the world."""
        return 0 <= self.z <= DEEPEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    def touches(self, bounds: Bounds) -> bool:
        return (
            longitude(self.x, self.z) <= bounds.east
            and longitude(self.x + 1, self.z) >= bounds.west
            and latitude(self.y + 1, self.z) <= bounds.north
            and latitude(self.y, self.z) >= bounds.south
        )


def longitude(x: int, z: int) -> float:
    """Of the western edge of a column."""
    return float(x / 2**z * 360 - 180)


def latitude(y: int, z: int) -> float:
    """Of the northern edge of a row."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**z))))
