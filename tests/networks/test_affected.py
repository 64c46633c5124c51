"""Boxes around what was changed."""

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, box

from networks.affected import MOST_BOXES, boxes_around, cells_of
from networks.geometry import to_lambert_93
from tests.networks.factories import X, Y, line, square

LONG = LineString([(X, Y), (X + 60_000, Y + 60_000)])


def around(*geometries):
    return boxes_around({cell for geometry in geometries for cell in cells_of(geometry)})


def area(boxes) -> float:
    """In square kilometres."""
    places = np.array([box(*bounds) for bounds in boxes], dtype=object)
    return float(shapely.union_all(to_lambert_93(places, "EPSG:4326")).area / 1e6)


def covers(boxes, geometry) -> bool:
    places = np.array([box(*bounds) for bounds in boxes], dtype=object)
    # The edges of a box are straight in degrees and bent in metres.
    dense = shapely.segmentize(places, 0.001)
    return bool(shapely.union_all(to_lambert_93(dense, "EPSG:4326")).covers(geometry))


@pytest.mark.parametrize("geometry", [line(), LONG, square(side=30_000), Point(X, Y)])
def test_all_within_1000_metres_is_in_the_boxes(geometry):
    assert covers(around(geometry), geometry.buffer(1_000))


def test_boxes_are_in_degrees():
    ((west, south, east, north),) = around(line())

    assert 2.9 < west < 3 < east < 3.1
    assert 46.4 < south < 46.5 < north < 46.6


def test_a_long_network_is_not_in_one_huge_box():
    boxes = around(LONG)

    assert len(boxes) > 20
    assert area(boxes) < 62 * 62 / 4


def test_neighbouring_squares_are_one_box():
    assert len(around(square(side=30_000))) == 1


def test_the_same_place_is_looked_at_once():
    assert around(line(), line()) == around(line())


def test_far_places_have_boxes_of_their_own():
    assert len(around(line(), line(X + 100_000))) == 2


def test_there_are_never_more_than_a_few_hundred():
    scattered = [
        Point(X + 12_000 * column, Y + 9_000 * row) for column in range(30) for row in range(30)
    ]

    boxes = around(*scattered)

    assert 0 < len(boxes) <= MOST_BOXES
    assert covers(boxes, shapely.union_all(scattered))


def test_nothing_changed_is_nowhere():
    assert around() == []
