"""A rate is measured while work goes on: neither the start nor the end is in it."""

import pytest

from bench.queue.drain import Look, rate
from bench.queue.ours import rate as rate_of_ends
from bench.queue.processes import Failed
from bench.queue.sections.growth import Cost, cost_of

# It starts late, does 100 jobs a second for 10 seconds, and is then looked at once more.
STEADY = [Look(at, left) for at, left in zip(range(5, 16), range(1_000, -1, -100), strict=True)]


def test_the_time_until_the_first_job_is_done_does_not_count():
    assert rate(1_000, [Look(0, 1_000), *STEADY]) == 100


def test_the_last_look_which_comes_when_nobody_knows_how_long_nothing_was_left_does_not_count():
    assert rate(1_000, [*STEADY[:-1], Look(100, 0)]) == 100


def test_the_first_fifth_does_not_count_for_a_second_worker_may_still_be_starting():
    alone = [Look(at, left) for at, left in [(1, 990), (2, 980), (3, 970)]]

    assert rate(1_000, [*alone, *STEADY]) == 100


def test_what_is_seen_seldom_is_measured_as_long_as_it_was_seen_at_work():
    assert rate(1_000, [Look(0, 1_000), Look(1, 900), Look(2, 600), Look(3, 500)]) == 200


@pytest.mark.parametrize("looks", [[], [(0, 1_000), (1, 1_000)], [(0, 500)], [(0, 500), (1, 500)]])
def test_what_was_not_seen_at_work_twice_has_no_rate(looks):
    with pytest.raises(Failed, match="it was not seen at work twice"):
        rate(1_000, [Look(*look) for look in looks])


def test_ours_is_taken_from_the_times_at_which_its_jobs_ended():
    ends = [number / 200 for number in range(1_001)]

    assert rate_of_ends(ends) == pytest.approx(200)


def test_a_part_of_them_can_be_asked_for():
    slower = [*(n / 100 for n in range(100)), *(1 + n / 50 for n in range(100))]

    assert rate_of_ends(slower, 0, 0.5) == pytest.approx(100)
    assert rate_of_ends(slower, 0.5, 1) == pytest.approx(50)


def test_the_cost_of_a_job_leaves_out_the_start_and_the_jobs_that_stay():
    begun = [Look(0, 5_000, 0.0, 0.0), Look(1, 4_900, 3.0, 1.0), Look(2, 4_800, 3.5, 1.2)]

    assert cost_of(1_000, 4_000, begun) == pytest.approx(Cost(100, workers=5_000, server=2_000))
