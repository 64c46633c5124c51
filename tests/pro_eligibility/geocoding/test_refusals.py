"""Rows that the service does not take, and services that take nothing."""

from datetime import timedelta

import pytest

from pro_eligibility.geocoding import halving
from pro_eligibility.geocoding.client import Answer, Place, Question
from pro_eligibility.geocoding.errors import GeocoderMisconfigured, GeocoderRefused
from standins.geocoder import Fault
from tests.standins.addresses import DUKAS

BAD = "9 rue Plugh"


def questions(count: int, *bad: int) -> list[Question]:
    """Numbered from 0; those that are bad have the word that the stand-in is set to refuse."""
    return [Question(n, f"{BAD} {n}" if n in bad else f"{DUKAS} {n}") for n in range(count)]


@pytest.fixture
def refusing(standin):
    """`refusing("word")`: requests with it get status 400, as long as the test lasts."""

    def refusing(*words: str, status: int = 400) -> None:
        faults = [
            Fault("status", times=None, status=status, word=word, message=f"Not {word}.")
            for word in words
        ]
        standin.faults.set(*faults)

    return refusing


@pytest.mark.parametrize("status", [400, 413, 422])
@pytest.mark.parametrize("place", [0, 3, 9])
def test_only_the_row_at_fault_is_refused(geocoder, refusing, status, place):
    refusing("Plugh", status=status)

    answers = geocoder.search(questions(10, place))

    assert [answer.id for answer in answers] == list(range(10))
    assert answers[place] == Answer(place, False, refused="Not Plugh.")
    assert [answer.found for answer in answers].count(True) == 9


def test_each_row_at_fault_is_found(geocoder, refusing):
    refusing("Plugh")

    answers = geocoder.search(questions(20, 3, 4, 11, 19))

    assert [answer.id for answer in answers if answer.refused] == [3, 4, 11, 19]


def test_a_single_row_is_asked_about_once(standin, geocoder, refusing):
    refusing("Plugh")

    assert geocoder.search(questions(1, 0)) == [Answer(0, False, refused="Not Plugh.")]
    assert standin.counters.requests == 1


def test_places_are_refused_likewise(standin, geocoder):
    places = [Place(n, 2.37, 48.97 + n / 1_000) for n in range(5)]
    standin.faults.set(Fault("status", times=None, status=400, word="48.972", message="Not here."))

    answers = geocoder.reverse(places)

    assert [answer.id for answer in answers if answer.refused == "Not here."] == [2]


def test_a_request_that_is_too_large_is_halved(standin, geocoder):
    standin.faults.set(Fault("status", times=None, status=413, over_bytes=6_000))

    answers = geocoder.search(questions(200))

    assert [answer.id for answer in answers if answer.found] == list(range(200))


def test_a_service_that_refuses_first_middle_and_last_alike_is_asked_four_times(
    standin, geocoder, refusing
):
    refusing("")

    with pytest.raises(GeocoderRefused) as error:
        geocoder.search(questions(500))

    assert standin.counters.requests == 4
    assert str(error.value) == (
        f"{standin.url} was asked about 500 rows and refuses all of them, saying “Not .”. "
        "Look at the rows and at GEOCODER_URL, then retry the job."
    )


def test_first_and_last_may_be_refused_for_reasons_of_their_own(geocoder, refusing):
    refusing("SARCELLES 0", "SARCELLES 9")

    answers = geocoder.search(questions(10))

    assert [answer.refused for answer in answers if answer.refused] == [
        "Not SARCELLES 0.",
        "Not SARCELLES 9.",
    ]


def test_bad_rows_at_both_ends_do_not_stop_the_others(geocoder, refusing):
    refusing("Plugh")

    answers = geocoder.search(questions(4, 0, 3))

    assert [answer.id for answer in answers if answer.refused] == [0, 3]


def test_two_rows_that_are_both_refused_are_answered_as_refused(geocoder, refusing):
    refusing("Plugh")

    answers = geocoder.search(questions(2, 0, 1))

    assert [answer.refused for answer in answers] == ["Not Plugh."] * 2


def test_the_search_for_rows_at_fault_has_an_end(standin, geocoder, refusing):
    refusing("Plugh")

    with pytest.raises(GeocoderRefused) as error:
        geocoder.search(questions(400, *range(1, 399)))

    assert standin.counters.requests == halving.MOST_REQUESTS == 200
    assert "more of them than 200 requests can find, saying “Not Plugh.”" in str(error.value)


def test_a_dozen_rows_at_fault_among_a_thousand_are_found(standin, geocoder, refusing):
    refusing("Plugh")
    bad = list(range(40, 1_000, 80))

    answers = geocoder.search(questions(1_000, *bad))

    assert [answer.id for answer in answers if answer.refused] == bad
    assert standin.counters.requests < halving.MOST_REQUESTS


def test_a_long_message_is_shortened(standin, geocoder):
    standin.faults.set(Fault("status", times=1, status=400, message="too\n" + "long " * 100))

    (answer,) = geocoder.search(questions(1))

    assert answer.refused == ("too " + "long " * 100)[:199] + "…"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (405, "Method Not Allowed"),
        (410, "Gone"),
    ],
)
def test_what_will_not_get_better_is_not_asked_again(standin, geocoder, status, words):
    """D-3.11"""
    standin.faults.set(Fault("status", times=None, status=status, message="No."))

    with pytest.raises(GeocoderMisconfigured) as error:
        geocoder.search(questions(2))

    assert standin.counters.requests == 1
    assert str(error.value) == (
        f"{standin.url}: it answered {status} {words}: “No.”. Set GEOCODER_URL to the address of "
        "a geocoder, such as https://data.geopf.fr/geocodage."
    )


def test_a_redirection_is_not_followed(standin, geocoder):
    elsewhere = {"Location": "https://example.org/search/csv"}
    standin.faults.set(Fault("status", times=None, status=308, headers=elsewhere))

    with pytest.raises(GeocoderMisconfigured) as error:
        geocoder.search(questions(2))

    assert standin.counters.requests == 1
    assert str(error.value) == (
        f"{standin.url}: it answered 308 Permanent Redirect and leads to "
        "https://example.org/search/csv. Set GEOCODER_URL to the address of a geocoder, such as "
        "https://data.geopf.fr/geocodage."
    )


def test_an_address_that_is_none_is_said_at_once(geocoder_at):
    with pytest.raises(GeocoderMisconfigured, match="Set GEOCODER_URL to the address"):
        geocoder_at("http://*", patience=timedelta(days=1)).search(questions(1))
