"""Geometries cut into short pieces, so that a search measures few of their vertices."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from networks.models import Commune
from networks.models.placed import Placed

Numbers = npt.NDArray[np.intp]
Geometries = npt.NDArray[Any]

# Shorter pieces cost memory, longer ones time.
SEGMENTS = 8
# At once, they would need as much memory again as their pieces.
LINES_AT_ONCE = 100


def has_place(row: Commune | Placed) -> bool:
    return row.geometry is not None and not row.geometry.is_empty


class Pieces(NamedTuple):
    """Short lines and whole polygons, each with the number of the geometry it is of."""

    geometries: Geometries
    owners: Numbers

    @classmethod
    def of(cls, geometries: Sequence[BaseGeometry | None]) -> "Pieces":
        parts, owners = shapely.get_parts(np.array(geometries, dtype=object), return_index=True)
        parts, owners = parts[~shapely.is_empty(parts)], owners[~shapely.is_empty(parts)]
        is_line = shapely.get_dimensions(parts) == 1
        lines, line = cut(parts[is_line])
        return cls(
            np.concatenate([parts[~is_line], lines]),
            np.concatenate([owners[~is_line], owners[is_line][line]]),
        )

    def owned_by(self, owners: Sequence[int] | Numbers) -> "Pieces":
        of_these = np.isin(self.owners, owners)
        return Pieces(self.geometries[of_these], self.owners[of_these])


def cut(lines: Geometries) -> tuple[Geometries, Numbers]:
    """The lines in pieces of a few segments, and the number of the line that each is of."""
    # At least once, so that of no lines there are no pieces.
    firsts = range(0, max(len(lines), 1), LINES_AT_ONCE)
    batches = [cut_some(lines[first : first + LINES_AT_ONCE]) for first in firsts]
    return (
        np.concatenate([pieces for pieces, _ in batches]),
        np.concatenate([first + line for first, (_, line) in zip(firsts, batches, strict=True)]),
    )


def cut_some(lines: Geometries) -> tuple[Geometries, Numbers]:
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    sizes = shapely.get_num_coordinates(lines)
    ends = np.cumsum(sizes)
    position = np.arange(len(vertices)) - np.repeat(ends - sizes, sizes)
    last = np.repeat(ends - 1, sizes)
    first = np.flatnonzero((position % SEGMENTS == 0) & (np.arange(len(vertices)) < last))
    # Neighbours share a vertex: the last of one is the first of the next.
    lengths = np.minimum(first + SEGMENTS, last[first]) - first + 1
    piece = np.repeat(np.arange(len(first)), lengths)
    within = np.arange(len(piece)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return shapely.linestrings(vertices[first[piece] + within], indices=piece), line[first]
