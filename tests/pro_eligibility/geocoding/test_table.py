"""Which answers are believed. The tables are made up."""

import pytest

from pro_eligibility.geocoding.answer import Answer, Question
from pro_eligibility.geocoding.table import Unbelievable, search_answers

NAMES = "row,address,longitude,latitude,result_score,result_label,result_citycode,result_status"
ONE = '1,a,2.5,48.5,0.987,"1 Rue A, Ville",95001,ok'
TWO = "2,b,,,,,,not-found"
QUESTIONS = [Question(1, "a"), Question(2, "b")]


def table(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def test_rows_are_matched_by_their_ids():
    """D-3.10: a dropped line shifts nothing."""
    answers = search_answers(table(NAMES, TWO, ONE), QUESTIONS)

    assert answers == [Answer(1, True, 2.5, 48.5, 99, "1 Rue A, Ville", "95001"), Answer(2, False)]


@pytest.mark.parametrize("status", ["error", "skipped"])
def test_what_the_service_says_of_a_row_is_passed_on(status):
    row = f"2,b,,,,,,{status}"

    assert search_answers(table(NAMES, ONE, row), QUESTIONS)[1] == Answer(2, False, refused=status)


def test_a_byte_order_mark_is_no_part_of_a_name():
    assert search_answers("\ufeff".encode() + table(NAMES, ONE, TWO), QUESTIONS)[0].found


@pytest.mark.parametrize(("score", "percentage"), [("1.04", 100), ("-0.1", 0), ("", 0)])
def test_a_score_is_a_percentage(score, percentage):
    answers = search_answers(table(NAMES, ONE.replace("0.987", score), TWO), QUESTIONS)

    assert answers[0].score == percentage


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (table(NAMES, ONE), "1 of 2 rows were missing in its answer"),
        (table(NAMES, ONE, TWO, "3,c,,,,,,not-found"), "it answered a row not asked about: '3'"),
        (table(NAMES, ONE, TWO, ONE), "it answered row 1 twice"),
        (table(NAMES, ONE, "2,b,,,"), "a row of its answer was cut off"),
        (table(NAMES, ONE, "2,b,,,,,,not-fo"), "row 2 has the status 'not-fo'"),
        (table(NAMES, ONE, "2,b,,,,,,"), "row 2 has the status ''"),
        (table(NAMES, ONE.replace("2.5", "east"), TWO), "longitude is 'east' in row 1"),
        (table(NAMES, ONE.replace("48.5", "nan"), TWO), "latitude is 'nan' in row 1"),
        (table(NAMES, ONE.replace("0.987", "good"), TWO), "result_score is 'good' in row 1"),
        (
            table("row,latitude", "1,2"),
            "its answer has no column longitude, result_score, result_label",
        ),
        (table(NAMES, ONE, '2,"b'), "its answer is no CSV: unexpected end of data"),
        (
            b"",
            "its answer has no column row, longitude, latitude, result_score, result_label",
        ),
        (table(NAMES, ONE, TWO).replace(b"Rue", b"Ru\xe9"), "its answer is not UTF-8"),
    ],
)
def test_an_answer_that_is_not_whole_is_not_believed(body, reason):
    with pytest.raises(Unbelievable) as error:
        search_answers(body, QUESTIONS)

    assert str(error.value) == reason
