"""How often the service is asked."""

import pytest

from pro_eligibility.geocoding.client import Question
from tests.standins.addresses import DUKAS

QUESTIONS = [Question(1, DUKAS)]


def test_requests_are_spread_evenly(standin, geocoder_at, clock):
    geocoder = geocoder_at(standin.url, requests_per_second=5)

    for _ in range(11):
        geocoder.search(QUESTIONS)

    assert clock.waited == 2
    assert max(clock.slept) == pytest.approx(0.2)


def test_time_that_went_by_is_not_waited_for_and_not_saved_up(standin, geocoder_at, clock):
    geocoder = geocoder_at(standin.url, requests_per_second=0.25)

    geocoder.search(QUESTIONS)
    clock.sleep(60)
    geocoder.search(QUESTIONS)
    geocoder.search(QUESTIONS)

    assert clock.waited == 60 + 4
    assert max(clock.slept[1:]) == 0.5
