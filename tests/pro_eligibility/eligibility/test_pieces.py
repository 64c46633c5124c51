"""Geometries are cut into short pieces, and nothing of them is lost or added."""

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, Point

from pro_eligibility.eligibility.pieces import LINES_AT_ONCE, SEGMENTS, Pieces
from tests.networks.factories import square


def staircase(vertices, x=0):
    """A line of so many vertices, a metre between two."""
    return LineString([(x + number // 2, (number + 1) // 2) for number in range(vertices)])


@pytest.mark.parametrize(
    "vertices",
    [2, 3, SEGMENTS, SEGMENTS + 1, SEGMENTS + 2, 2 * SEGMENTS, 2 * SEGMENTS + 1, 1_000],
)
def test_the_pieces_of_a_line_make_the_line_again(vertices):
    line = staircase(vertices)

    pieces = Pieces.of([line]).geometries

    assert shapely.line_merge(shapely.multilinestrings(pieces)).equals_exact(line)


def test_a_piece_has_few_segments():
    pieces = Pieces.of([staircase(1_000)]).geometries

    assert shapely.get_num_coordinates(pieces).max() == SEGMENTS + 1


def test_two_lines_are_not_joined():
    lines = MultiLineString([staircase(20), staircase(20, x=500)])

    pieces = Pieces.of([lines])

    assert shapely.length(pieces.geometries).sum() == 38
    assert lines.buffer(0.001).contains(list(pieces.geometries)).all()


def test_each_piece_knows_what_it_is_of():
    geometries = [staircase(20), None, square(), MultiLineString(), staircase(20, x=500)]

    pieces = Pieces.of(geometries)

    for piece, owner in zip(*pieces, strict=True):
        assert geometries[owner].buffer(0.001).contains(piece)
    assert set(pieces.owners.tolist()) == {0, 2, 4}


def test_many_lines_are_cut_some_at_a_time_and_keep_their_owners():
    lines = [staircase(20, x=50 * number) for number in range(2 * LINES_AT_ONCE + 1)]

    pieces = Pieces.of(lines)

    assert np.unique(pieces.owners).tolist() == list(range(len(lines)))
    assert (shapely.distance(pieces.geometries, np.array(lines)[pieces.owners]) == 0).all()
    assert shapely.length(pieces.geometries).sum() == shapely.length(lines).sum()


def test_an_area_is_left_whole():
    assert shapely.get_num_coordinates(Pieces.of([square()]).geometries).tolist() == [5]


def test_a_line_without_length_is_as_far_as_its_point():
    pieces = Pieces.of([LineString([(3, 4), (3, 4)])]).geometries

    assert shapely.distance(pieces, Point(0, 0)).tolist() == [5.0]


@pytest.mark.parametrize("geometries", [[], [None], [MultiLineString()]])
def test_of_nothing_there_are_no_pieces(geometries):
    pieces = Pieces.of(geometries)

    assert (len(pieces.geometries), len(pieces.owners)) == (0, 0)


def test_those_of_some_owners_can_be_had():
    pieces = Pieces.of([staircase(20), staircase(20, x=500), square()])

    assert np.unique(pieces.owned_by([2, 0]).owners).tolist() == [0, 2]
