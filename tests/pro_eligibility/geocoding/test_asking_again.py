"""What is asked again, how long after, and how often."""

from datetime import timedelta

import pytest

from pro_eligibility.geocoding import service
from pro_eligibility.geocoding.client import Question
from pro_eligibility.geocoding.errors import GeocoderUnavailable
from standins.geocoder import Fault, GeocoderStandin
from tests.pro_eligibility.geocoding.clock import FakeClock
from tests.standins.addresses import DUKAS, DUKAS_LABEL, GAMBETTA, index

QUESTIONS = [Question(1, DUKAS), Question(2, GAMBETTA)]
PAGE = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body></body></html>"


class Cancelled(BaseException):
    """As a job raises it that is to end."""


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault("status", status=408), "it answered 408 Request Timeout: “Something is wrong.”"),
        (Fault("status", status=429), "it answered 429 Too Many Requests: “Something is wrong.”"),
        (
            Fault("status", status=500),
            "it answered 500 Internal Server Error: “Something is wrong.”",
        ),
        (Fault("status", status=502), "it answered 502 Bad Gateway: “Something is wrong.”"),
        (Fault("status", status=503), "it answered 503 Service Unavailable: “Something is wrong.”"),
        (Fault("status", status=504), "it answered 504 Gateway Timeout: “Something is wrong.”"),
        (Fault("status", status=202), "it answered 202 Accepted: “Something is wrong.”"),
        (Fault("html"), f"it answered 200 OK: “{PAGE}”"),
        (Fault("cut", ending="length"), "its answer broke off"),
        (Fault("cut", ending="chunked"), "its answer broke off"),
        (Fault("cut", ending="close"), "a row of its answer was cut off"),
        (Fault("missing"), "1 of 2 rows were missing in its answer"),
        (
            Fault("reset"),
            "the connection failed: ('Connection aborted.', "
            "ConnectionResetError(104, 'Connection reset by peer'))",
        ),
    ],
)
def test_what_may_get_better_is_asked_again(standin, geocoder, told, fault, why):
    standin.faults.set(fault)

    answers = geocoder.search(QUESTIONS)

    assert answers[0].label == DUKAS_LABEL
    assert standin.counters.requests == 2
    assert [line.split("; asked again in ")[0] for line in told] == [why]


def test_a_silent_service_is_asked_again(standin, geocoder_at, told):
    """D-3.11: no request is without an end."""
    standin.faults.set(Fault("late", seconds=30))

    answers = geocoder_at(standin.url, timeout=timedelta(seconds=0.2)).search(QUESTIONS)

    assert len(answers) == 2
    assert told[0].startswith("it was silent for 0.2 s; asked again in ")


def test_a_service_that_drips_is_left_after_five_silences(standin, geocoder_at, told):
    clock = FakeClock(tick=0.1)
    standin.faults.set(Fault("drip", seconds=0.0001))

    answers = geocoder_at(standin.url, clock=clock).search(QUESTIONS)

    assert len(answers) == 2
    assert told[0].startswith("its answer took longer than 25 s; asked again in ")


def test_an_answer_without_end_is_not_read(standin, geocoder_at, told, monkeypatch):
    monkeypatch.setattr(service, "MOST_BYTES", 100)

    with pytest.raises(GeocoderUnavailable, match="its answer was longer than 100 bytes"):
        geocoder_at(standin.url, patience=timedelta(0)).search(QUESTIONS)


@pytest.mark.parametrize("after", ["120", "Fri, 15 Jan 2027 08:02:00 GMT"])
def test_the_service_says_how_long_to_wait(standin, geocoder, clock, told, after):
    standin.faults.set(Fault("status", status=429, headers={"Retry-After": after}))

    geocoder.search(QUESTIONS)

    assert clock.waited == 120
    assert told == [
        "it answered 429 Too Many Requests: “Something is wrong.”; asked again in 120 s"
    ]


@pytest.mark.parametrize("after", ["0", "-5", "soon", "Fri, 15 Jan 2027 07:00:00 GMT"])
def test_a_wait_that_makes_no_sense_is_replaced_by_ours(standin, geocoder, clock, after):
    standin.faults.set(Fault("status", status=503, headers={"Retry-After": after}))

    geocoder.search(QUESTIONS)

    assert 1 <= clock.waited <= 2


def test_no_wait_is_longer_than_the_patience_that_is_left(standin, geocoder, clock):
    standin.faults.set(Fault("status", status=503, headers={"Retry-After": "86400"}))

    geocoder.search(QUESTIONS)

    assert clock.waited == 300


def test_waits_grow_up_to_half_a_minute(standin, geocoder, told):
    standin.faults.set(Fault("status", times=8, status=503))

    geocoder.search(QUESTIONS)

    waits = [int(line.split("; asked again in ")[1].removesuffix(" s")) for line in told]
    least = [1, 2, 4, 8, 16, 30, 30, 30]
    assert all(low <= wait <= min(30, low + 1) for low, wait in zip(least, waits, strict=True))


def test_patience_has_an_end(standin, geocoder, clock):
    standin.faults.set(Fault("status", times=None, status=503, headers={"Retry-After": "60"}))

    with pytest.raises(GeocoderUnavailable) as error:
        geocoder.search(QUESTIONS)

    assert standin.counters.requests == 6
    assert clock.waited == 300
    assert str(error.value) == (
        f"{standin.url} gave no whole answer about 2 rows in 6 attempts and 300 s; the last time "
        "it answered 503 Service Unavailable: “Something is wrong.”. "
        "Retry the job later, or raise GEOCODER_PATIENCE_SECONDS."
    )


def test_without_patience_it_is_asked_once(standin, geocoder_at):
    standin.faults.set(Fault("status", times=None, status=503))

    with pytest.raises(GeocoderUnavailable, match="about 1 row in 1 attempt and 0 s"):
        geocoder_at(standin.url, patience=timedelta(0)).search(QUESTIONS[:1])

    assert standin.counters.requests == 1


def test_a_service_that_is_away_is_unavailable(geocoder_at, told):
    with GeocoderStandin(index()) as gone:
        geocoder = geocoder_at(gone.url)
        geocoder.search(QUESTIONS)

    with pytest.raises(GeocoderUnavailable, match=r"the connection failed: .*Connection refused"):
        geocoder.search(QUESTIONS)

    assert len(told) > 5


def test_a_wait_can_be_ended_within_half_a_second(standin, geocoder_at, clock):
    standin.faults.set(Fault("status", status=429, headers={"Retry-After": "200"}))

    def check():
        if clock.now() > 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        geocoder_at(standin.url, check=check).search(QUESTIONS)

    assert 10 < clock.now() <= 10.5
    assert standin.counters.requests == 1


def test_nothing_is_asked_for_a_job_that_is_to_end(standin, geocoder_at):
    def check():
        raise Cancelled

    with pytest.raises(Cancelled):
        geocoder_at(standin.url, check=check).search(QUESTIONS)

    assert standin.counters.requests == 0
