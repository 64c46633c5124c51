"""Many points are answered a batch at a time, so that memory does not grow with them."""

from itertools import islice

import numpy as np
import pytest
import shapely

from pro_eligibility.eligibility.rules import POINTS_AT_ONCE, verdicts
from tests.pro_eligibility.eligibility.world import HERE, heat, snapshot_of

MANY = 1_000_000


@pytest.fixture
def made(monkeypatch):
    """The sizes of all arrays of points that are made."""
    sizes = []
    make = shapely.points

    def counted(coordinates):
        sizes.append(len(coordinates))
        return make(coordinates)

    monkeypatch.setattr(shapely, "points", counted)
    return sizes


def test_a_million_points_are_made_a_batch_at_a_time(made):
    points = np.full((MANY, 2), HERE, dtype=float)

    assert len(list(islice(verdicts(snapshot_of(), points), POINTS_AT_ONCE + 1))) == 20_001

    assert made == [POINTS_AT_ONCE, POINTS_AT_ONCE]


def test_no_batch_is_larger_than_another_and_none_is_forgotten(made, monkeypatch):
    monkeypatch.setattr("pro_eligibility.eligibility.rules.POINTS_AT_ONCE", 10)
    points = np.full((25, 2), HERE, dtype=float)

    assert len(snapshot_of().assess(points)) == 25

    assert made == [10, 10, 5]


def test_the_verdicts_do_not_depend_on_the_batches(monkeypatch):
    snapshot = snapshot_of(heat(0), heat(150, sncu="7501C"))
    points = np.array(HERE) + np.random.default_rng(1).uniform(-1_200, 1_200, (100, 2))
    whole = snapshot.assess(points)

    monkeypatch.setattr("pro_eligibility.eligibility.rules.POINTS_AT_ONCE", 7)

    assert snapshot.assess(points) == whole
