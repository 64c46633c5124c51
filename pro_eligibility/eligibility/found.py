"""What a search found for each of many points."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pro_eligibility.eligibility.pieces import Numbers

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NOTHING = -1
UNMEASURED = np.inf


class Found(NamedTuple):
    """For each point the number of what was found, or NOTHING, and how far away it is.

    The distance is UNMEASURED where nothing was found, or what was found has no known place.
    """

    number: Numbers
    distance: Floats

    @classmethod
    def nothing(cls, count: int) -> "Found":
        return cls(np.full(count, NOTHING), np.full(count, UNMEASURED))

    @classmethod
    def lowest(cls, count: int, point: Numbers, number: Numbers) -> "Found":
        """From pairs of a point and a number: the lowest of each point, without a distance."""
        highest = np.iinfo(np.intp).max
        numbers = np.full(count, highest)
        np.minimum.at(numbers, point, number)
        return cls(np.where(numbers == highest, NOTHING, numbers), np.full(count, UNMEASURED))

    @property
    def metres(self) -> Floats:
        """The distance in whole metres, half a metre counting as one."""
        return np.floor(self.distance + 0.5)

    def where(self, kept: Flags) -> "Found":
        """This where it is kept, nothing elsewhere."""
        return Found(
            np.where(kept, self.number, NOTHING), np.where(kept, self.distance, UNMEASURED)
        )

    def within(self, metres: int) -> "Found":
        return self.where(self.metres <= metres)

    def or_nearer(self, other: "Found") -> "Found":
        """For each point what is nearer of both; of two as near, the lower number."""
        nearer = (other.distance < self.distance) | (
            (other.distance == self.distance)
            & (other.number != NOTHING)
            & ((self.number == NOTHING) | (other.number < self.number))
        )
        return Found(
            np.where(nearer, other.number, self.number),
            np.where(nearer, other.distance, self.distance),
        )
