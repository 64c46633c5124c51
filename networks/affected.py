"""Where addresses have to be looked at again: boxes that hug what was changed."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from networks.geometry import LAMBERT_93, WGS_84, transformer

# So far a network can matter to an address, in metres.
REACH = 1_000
CELL = 2_000
MOST_BOXES = 300

Box = tuple[float, float, float, float]
# The column and the row of a square of the grid.
Cell = tuple[int, int]
# A rectangle of cells: first column, first row, last column, last row.
Block = tuple[int, int, int, int]


def boxes_around(cells: set[Cell]) -> list[Box]:
    """West, south, east, north of boxes in WGS 84 that hold all within reach of the squares.

    One box around a long network would hold half a region; one around each of its streets would be
    thousands. So they are made of the squares it meets, and of larger ones if there are too many.
    """
    size, blocks = CELL, merged(cells)
    while len(blocks) > MOST_BOXES:
        size, cells = size * 2, {(column // 2, row // 2) for column, row in cells}
        blocks = merged(cells)
    return [box_of(block, size) for block in blocks]


def cells_of(geometry: BaseGeometry) -> Iterator[Cell]:
    """The squares that the geometry meets."""
    shapely.prepare(geometry)
    west, south, east, north = (int(edge // CELL) for edge in geometry.bounds)
    columns, rows = np.meshgrid(range(west, east + 1), range(south, north + 1))
    squares = shapely.box(columns * CELL, rows * CELL, (columns + 1) * CELL, (rows + 1) * CELL)
    met = shapely.intersects(geometry, squares)
    return zip(columns[met].tolist(), rows[met].tolist(), strict=True)


def merged(cells: set[Cell]) -> list[Block]:
    """Neighbours along a row become one block, and so do equal ones of rows that follow."""
    blocks: dict[tuple[int, int, int], Block] = {}  # by first column, last column and last row
    for row, group in groupby(sorted(cells, key=lambda cell: cell[::-1]), key=lambda cell: cell[1]):
        for first, last in runs([column for column, _ in group]):
            below = blocks.pop((first, last, row - 1), None)
            blocks[first, last, row] = (first, below[1] if below else row, last, row)
    return sorted(blocks.values())


def runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of ascending numbers without a gap."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]


def box_of(block: Block, size: int) -> Box:
    first_column, first_row, last_column, last_row = block
    west, south, east, north = transformer(LAMBERT_93, WGS_84).transform_bounds(
        first_column * size - REACH,
        first_row * size - REACH,
        (last_column + 1) * size + REACH,
        (last_row + 1) * size + REACH,
    )
    return west, south, east, north
