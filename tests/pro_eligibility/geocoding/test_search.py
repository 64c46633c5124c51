"""Where addresses are: one answer for each question."""

from datetime import timedelta

import pytest

from pro_eligibility.geocoding.client import Answer, Geocoder, Question
from standins.geocoder import GeocoderStandin
from tests.standins.addresses import (
    DUKAS,
    DUKAS_LABEL,
    GAMBETTA,
    GAMBETTA_LABEL,
    NONSENSE,
    gas_addresses,
    index,
)

DUKAS_ANSWER = Answer(7, True, 2.372514, 48.974443, 100, DUKAS_LABEL, "95585")


def test_an_address_is_answered_with_its_place_label_and_score(geocoder):
    assert geocoder.search([Question(7, DUKAS)]) == [DUKAS_ANSWER]


def test_each_question_has_one_answer_in_the_order_of_the_questions(geocoder):
    questions = [Question(9, GAMBETTA), Question(2, NONSENSE), Question(7, DUKAS)]

    answers = geocoder.search(questions)

    assert [answer.id for answer in answers] == [9, 2, 7]
    assert [answer.label for answer in answers] == [GAMBETTA_LABEL, "", DUKAS_LABEL]


def test_what_is_not_found_has_no_place_and_no_score(geocoder):
    assert geocoder.search([Question(1, NONSENSE)]) == [Answer(1, False)]


def test_the_score_of_nonsense_is_passed_on(geocoder):
    (answer,) = geocoder.search([Question(1, f"{NONSENSE} Sarcelles")])

    assert (answer.found, answer.score) == (True, 33)


def test_a_question_without_words_is_skipped_by_the_service(geocoder):
    assert geocoder.search([Question(1, "")]) == [Answer(1, False, refused="skipped")]


def test_one_call_is_one_request(standin, geocoder):
    questions = [Question(n, row["address"]) for n, row in enumerate(gas_addresses())]

    answers = geocoder.search(questions)

    assert len(answers) == 434
    assert (standin.counters.requests, standin.counters.rows) == (1, 434)


def test_nothing_is_asked_about_no_questions(standin, geocoder):
    assert geocoder.search([]) == []
    assert standin.counters.requests == 0


@pytest.mark.parametrize(
    "text",
    [
        "75001",
        "01000",
        '12 rue "Les Lilas", Taverny',
        "Bâtiment B\n15 allée Paul Dukas\r\nSarcelles",
        "12; rue|des\tLilas",
        "=1+1",
    ],
)
def test_the_service_is_asked_what_was_typed(standin, geocoder, text):
    geocoder.search([Question(1, text), Question(2, DUKAS)])

    assert standin.counters.asked == {text: 1, DUKAS: 1}


def test_a_bare_addok_is_understood(geocoder_at):
    questions = [Question(7, DUKAS), Question(8, f"{NONSENSE} Sarcelles"), Question(9, NONSENSE)]

    with GeocoderStandin(index(), bare=True) as addok:
        sure, unsure, nothing = geocoder_at(addok.url).search(questions)

    assert sure == DUKAS_ANSWER._replace(citycode="")
    assert (unsure.found, unsure.label, unsure.score) == (True, "Sarcelles", 0)
    assert nothing == Answer(9, False)


def test_a_client_can_be_made_from_the_settings(settings, standin):
    settings.GEOCODER = {
        "url": standin.url,
        "requests_per_second": 5,
        "timeout": timedelta(seconds=5),
        "patience": timedelta(seconds=5),
    }
    asked = []

    answers = Geocoder.from_settings(check=lambda: asked.append(1)).search([Question(7, DUKAS)])

    assert answers == [DUKAS_ANSWER]
    assert asked == [1]
