"""Five requests within any second, or none for thirty (point 16)."""

import pytest
import requests

from standins.airtable import BASE, KEY, AirtableStandin
from standins.airtable.pace import Pace
from tests.standins.airtable.world import HEAT, SCHEMA, TOO_FAST, Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def statuses(clock):
    """What a stand-in with these options answers at each of these seconds."""

    def statuses(*seconds, route=HEAT, **options):
        with (
            AirtableStandin(SCHEMA, clock=clock, **options) as standin,
            requests.Session() as session,
        ):
            session.headers["Authorization"] = f"Bearer {KEY}"
            found = []
            for second in seconds:
                clock.now = 100.0 + second
                found.append(session.get(f"{standin.url}/v0/{route}", timeout=5).status_code)
        return found

    return statuses


def test_the_sixth_request_within_a_second_is_refused(statuses):
    assert statuses(*[0] * 6) == [200] * 5 + [429]


def test_the_second_slides(statuses):
    assert statuses(0, 0.5, 0.6, 0.7, 0.8, 1.0) == [200] * 6
    assert statuses(0.1, 0.5, 0.6, 0.7, 0.8, 1.0) == [200] * 5 + [429]


def test_all_is_refused_for_thirty_seconds(statuses):
    assert statuses(*[0] * 6, 1, 15, 29.9, 30) == [200] * 5 + [429] * 4 + [200]


def test_a_request_that_is_refused_does_not_prolong_the_penalty(statuses):
    assert statuses(*[0] * 6, *range(1, 30), 30)[-1] == 200


def test_the_pace_and_the_penalty_may_be_others(statuses):
    assert statuses(0, 0, 0, 1, 2, requests_per_second=2, penalty=2) == [200, 200, 429, 429, 200]


def test_there_may_be_no_limit(statuses):
    assert statuses(*[0] * 20, requests_per_second=None) == [200] * 20


def test_the_limit_is_of_the_base(statuses):
    assert statuses(*[0] * 6, route=f"meta/bases/{BASE}/tables")[-1] == 429
    assert statuses(*[0] * 6, route="meta/whoami") == [200] * 6


def test_what_was_refused_is_not_done(clock):
    with AirtableStandin(SCHEMA, requests_per_second=1, clock=clock) as standin:
        headers = {"Authorization": f"Bearer {KEY}"}
        answers = [
            requests.post(
                f"{standin.url}/v0/{HEAT}", json={"fields": {}}, headers=headers, timeout=5
            )
            for _ in range(2)
        ]

    assert answers[1].json() == TOO_FAST
    assert (standin.counters.records_created, standin.counters.refusals) == (1, 1)


@pytest.mark.parametrize(("retry_after", "header"), [(True, "30"), (False, None)])
def test_how_long_it_lasts_may_be_told(clock, retry_after, header):
    options = {"requests_per_second": 0, "retry_after": retry_after, "clock": clock}

    with AirtableStandin(SCHEMA, **options) as standin:
        answer = requests.get(f"{standin.url}/v0/{HEAT}", timeout=5)

    assert answer.headers.get("Retry-After") == header


def test_what_is_left_of_the_penalty_is_rounded_up():
    pace = Pace(5, 30)

    pace.punish(10)

    assert [pace.seconds_left(now) for now in (10, 12.5, 39.9, 50)] == [30, 28, 1, 0]
