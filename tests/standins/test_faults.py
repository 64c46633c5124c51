"""How the stand-in fails, when it is told to."""

import pytest
import requests

from standins.geocoder import Fault, GeocoderStandin
from standins.geocoder.bucket import Bucket
from tests.standins.addresses import DUKAS, NONSENSE, index

ONE, TWO = f"address\n{DUKAS}\n", f"address\n{DUKAS}\n{NONSENSE}\n"


@pytest.mark.parametrize("status", [308, 400, 429, 500, 503])
def test_it_answers_with_a_status_for_so_many_requests(standin, post, status):
    standin.faults.set(
        Fault("status", times=2, status=status, message="No.", headers={"X-Why": "y"})
    )

    answers = [post("search/csv", ONE) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].json() == {"code": status, "message": "No."}
    assert answers[0].headers["X-Why"] == "y"


def test_it_refuses_requests_with_a_word_for_as_long_as_it_lasts(standin, post):
    standin.faults.set(Fault("status", times=None, status=400, word="plugh"))

    statuses = [post("search/csv", table).status_code for table in (TWO, ONE, TWO)]

    assert statuses == [400, 200, 400]


def test_it_refuses_requests_over_a_size(standin, post):
    standin.faults.set(Fault("status", times=None, status=413, over_bytes=1_000))

    statuses = [post("search/csv", table).status_code for table in (ONE, ONE + "x" * 1_000)]

    assert statuses == [200, 413]


@pytest.mark.parametrize("ending", ["length", "chunked"])
def test_an_answer_that_is_cut_is_noticed_by_its_end(standin, post, ending):
    standin.faults.set(Fault("cut", ending=ending))

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        post("search/csv", TWO)


def test_an_answer_may_be_cut_without_a_sign(standin, post):
    standin.faults.set(Fault("cut", ending="close", rows=1))

    answer = post("search/csv", TWO)

    _, whole, part = answer.text.splitlines()
    assert answer.status_code == 200
    assert whole.endswith(",ok")
    assert part == NONSENSE[:9]


def test_rows_may_be_missing_from_an_answer_that_ends_well(standin, post):
    standin.faults.set(Fault("missing", rows=1))

    assert len(post("search/csv", TWO).text.splitlines()) == 2


def test_it_sends_a_page_with_status_200(standin, post):
    standin.faults.set(Fault("html"))

    answer = post("search/csv", ONE)

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        200,
        "text/html; charset=utf-8",
    )


def test_it_drops_the_connection(standin, post):
    standin.faults.set(Fault("reset"))

    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        post("search/csv", ONE)


@pytest.mark.parametrize("kind", ["late", "drip"])
def test_it_is_slow_and_whole(standin, post, kind):
    sound = post("search/csv", ONE).content
    standin.faults.set(Fault(kind, seconds=0.0001))

    assert post("search/csv", ONE).content == sound


def test_faults_are_set_over_http_too(standin, post):
    fault = {"kind": "status", "status": 502, "times": 1}

    set_ = requests.post(f"{standin.url}/standin/faults", json=[fault], timeout=5)

    assert set_.status_code == 200
    assert [post("search/csv", ONE).status_code for _ in range(2)] == [502, 200]


def test_a_fault_that_it_does_not_know_is_refused(standin):
    answer = requests.post(f"{standin.url}/standin/faults", json=[{"sort": "x"}], timeout=5)

    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "Unknown: sort. Known: ending, headers, kind, message, over_bytes, rows, seconds, "
        "status, times, word."
    )


def test_a_client_that_asks_too_often_is_refused():
    with GeocoderStandin(index(), requests_per_second=1) as standin, requests.Session() as session:
        files = {"data": ONE.encode()}
        answers = [
            session.post(f"{standin.url}/search/csv", files=files, timeout=5) for _ in range(2)
        ]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["Retry-After"] == "1"
    assert (standin.counters.requests, standin.counters.refused) == (2, 1)


def test_requests_are_saved_up_for_a_second_at_most():
    times = iter([0.0, 0.0, 0.0, 0.5, 0.5, 60.0, 60.0, 60.0])
    bucket = Bucket(2, now=lambda: next(times))

    allowed = [bucket.take("one") for _ in range(8)]

    assert allowed == [True, True, False, True, False, True, True, False]


def test_each_client_has_a_bucket_of_its_own():
    bucket = Bucket(1, now=lambda: 0.0)

    assert [bucket.take(client) for client in ("one", "two", "one")] == [True, True, False]
