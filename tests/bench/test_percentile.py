"""A percentile is one of the values that were measured."""

import pytest

from bench.queue.pacing import percentile


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95), (99, 99), (100, 100)])
def test_so_many_percent_do_not_exceed_it(percent, value):
    assert percentile(range(100, 0, -1), percent) == value


def test_of_one_value_it_is_that_value():
    assert percentile([7.0], 99) == 7.0


def test_between_two_values_it_is_the_larger():
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert percentile([1.0, 2.0, 3.0], 95) == 3.0
