from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.backoff import Backoff
from jobs.errors import InvalidOption

A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"first": 10}, "first is 10; give a timedelta of 0 to 365 days"),
        ({"first": -A_DAY}, "first is -1 day, 0:00:00; give a timedelta of 0 to 365 days"),
        ({"most": None}, "most is None; give a timedelta of 0 to 365 days"),
        ({"most": 2 * A_YEAR}, "most is 730 days, 0:00:00; give a timedelta of 0 to 365 days"),
        ({"jitter": "0.2"}, "jitter is '0.2'; give a number of 0 to 1"),
        ({"jitter": 2}, "jitter is 2; give a number of 0 to 1"),
        ({"jitter": float("nan")}, "jitter is nan; give a number of 0 to 1"),
    ],
)
def test_a_back_off_that_could_not_be_reckoned_with_is_refused(options, message):
    with pytest.raises(InvalidOption) as refused:
        Backoff(**options)

    assert str(refused.value) == f"Backoff: {message}."


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(1, 10), (2, 20), (3, 40), (9, 2560), (10, 3600), (100_000, 3600)],
)
def test_the_back_off_doubles_up_to_an_hour(failures, wait):
    assert Backoff().after(failures, chance=0.5) == timedelta(seconds=wait)


@pytest.mark.parametrize(("chance", "wait"), [(0, 8), (0.5, 10), (1, 12)])
def test_chance_moves_the_back_off_by_a_fifth_either_way(chance, wait):
    assert Backoff().after(1, chance=chance) == timedelta(seconds=wait)


@given(
    first=st.timedeltas(timedelta(0), A_YEAR),
    most=st.timedeltas(timedelta(0), A_YEAR),
    jitter=st.floats(0, 1),
    failures=st.integers(1, 100),
    chance=st.floats(0, 1),
)
@example(first=A_YEAR, most=A_YEAR, jitter=1, failures=100, chance=1)
def test_every_back_off_can_be_reckoned_with(first, most, jitter, failures, chance):
    wait = Backoff(first, most, jitter).after(failures, chance=chance)

    assert timedelta(0) <= wait <= 2 * A_YEAR
