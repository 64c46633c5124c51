"""How the stand-in fails, when it is told to (point 19)."""

from contextlib import suppress

import pytest
import requests

from standins.airtable import KEY, AirtableStandin, Fault
from standins.airtable.loopback import LoopbackHandler, LoopbackServer
from tests.standins.airtable.world import HEAT, SCHEMA, TOO_FAST, Clock, fields_of

ONE = {"fields": {"id_fcu": 1}}
BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@pytest.fixture
def statuses(ask):
    """What requests of these methods are answered."""

    def statuses(*methods):
        return [ask(method, HEAT, json=ONE).status_code for method in methods]

    return statuses


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_it_answers_with_a_status_for_so_many_requests(standin, ask, status):
    standin.faults.set(Fault("status", status=status, message="No.", times=2))

    answers = [ask("GET", HEAT) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].json() == {"error": {"type": "SERVER_ERROR", "message": "No."}}


def test_it_answers_with_a_status_and_a_page(standin, ask):
    standin.faults.set(Fault("status", status=502, body="html"))

    answer = ask("GET", HEAT)

    assert answer.status_code == 502
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Maintenance" in answer.text


def test_it_fails_for_as_long_as_it_is_not_told_otherwise(standin, statuses):
    standin.faults.set(Fault("status", times=None))
    assert statuses("GET", "POST", "GET") == [500] * 3

    standin.faults.set()
    assert statuses("GET") == [200]


@pytest.mark.parametrize(("only", "expected"), [("read", [500, 200]), ("write", [200, 500])])
def test_it_fails_for_reads_or_writes_only(standin, statuses, only, expected):
    standin.faults.set(Fault("status", times=None, only=only))

    assert statuses("GET", "POST") == expected


def test_a_listing_by_post_is_a_read(standin, ask):
    standin.faults.set(Fault("status", only="read"))

    assert ask("POST", f"{HEAT}/listRecords", json={}).status_code == 500


def test_it_lets_requests_pass_first(standin, statuses):
    standin.faults.set(Fault("status", after=2, only="write"))

    assert statuses("POST", "GET", "POST", "POST", "POST") == [200, 200, 200, 500, 200]


def test_one_fault_comes_after_another(standin, statuses):
    standin.faults.set(Fault("status", status=503), Fault("status", status=502))

    assert statuses("GET", "GET", "GET") == [503, 502, 200]


@pytest.mark.parametrize("kind", ["status", "rate", "reset", "html", "echo"])
def test_before_some_faults_nothing_is_done(standin, table, ask, kind):
    standin.faults.set(Fault(kind))

    with suppress(requests.ConnectionError):
        ask("POST", HEAT, json=ONE)

    assert table.records == []
    assert standin.counters.records_created == 0


@pytest.mark.parametrize("kind", ["late", "cut", "malformed"])
def test_before_other_faults_all_is_done(standin, table, ask, kind):
    standin.faults.set(Fault(kind, seconds=0))

    with suppress(requests.ConnectionError):
        ask("POST", HEAT, json=ONE)

    assert [record["fields"] for record in table.records] == [{"id_fcu": 1}]
    assert standin.counters.records_created == 1


def test_the_penalty_may_begin_whatever_the_pace(standin, ask):
    standin.faults.set(Fault("rate", after=1))

    answers = [ask("GET", HEAT) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 429, 429, 429]
    assert answers[1].json() == answers[3].json() == TOO_FAST
    assert standin.counters.refusals == 3


def test_a_request_that_comes_too_fast_uses_up_no_fault():
    clock = Clock()
    with AirtableStandin(SCHEMA, clock=clock) as standin:
        standin.faults.set(Fault("rate"), Fault("status", status=503))
        statuses = []
        for clock.now in (0, 1, 30, 31):
            statuses.append(requests.get(f"{standin.url}/v0/{HEAT}", timeout=5).status_code)

    assert statuses == [429, 429, 503, 401]


def test_it_is_silent_and_then_answers(monkeypatch, standin, table, ask):
    waits = []
    monkeypatch.setattr(LoopbackServer, "wait", lambda self, seconds: waits.append(seconds))
    standin.faults.set(Fault("late", seconds=7))

    answer = ask("POST", HEAT, json=ONE)

    assert answer.json() == table.records[0]
    assert waits == [7]


def test_a_client_without_patience_leaves_before_the_answer(standin, table):
    standin.faults.set(Fault("late", seconds=60))

    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{standin.url}/v0/{HEAT}",
            json=ONE,
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=(5, 0.05),
        )

    assert len(table.records) == 1


def test_that_a_client_has_gone_is_no_news(capsys):
    server = LoopbackServer(0, LoopbackHandler, name="a server")

    for error in (BrokenPipeError("the pipe"), ValueError("the value")):
        try:
            raise error
        except (OSError, ValueError):
            server.handle_error(None, None)
    server.server_close()

    said = capsys.readouterr().err
    assert "the value" in said
    assert "the pipe" not in said


def test_it_drops_the_connection(standin, ask):
    standin.faults.set(Fault("reset"))

    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        ask("GET", HEAT)


@pytest.mark.parametrize("sent", [0, 1, 20])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_is_cut_is_noticed(standin, ask, method, sent):
    standin.faults.set(Fault("cut", sent=sent))

    with pytest.raises(BROKEN):
        ask(method, HEAT, json=ONE)


def test_half_an_answer_is_no_json(standin, ask):
    standin.faults.set(Fault("malformed"))

    answer = ask("GET", HEAT)

    assert answer.status_code == 200
    assert answer.text == '{"records'[: len(answer.text)]
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_it_sends_a_page_with_status_200(standin, ask):
    standin.faults.set(Fault("html"))

    answer = ask("GET", HEAT)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_listing_cannot_go_on(standin, table, ask):
    for number in range(3):
        table.add({"id_fcu": number})
    standin.faults.set(Fault("stale"))

    first = ask("GET", HEAT, params={"pageSize": 2})
    params = {"pageSize": 2, "offset": first.json()["offset"]}
    answers = [ask("GET", HEAT, params=params) for _ in range(2)]

    assert [answer.status_code for answer in (first, *answers)] == [200, 422, 200]
    assert answers[0].json() == {"error": {"type": "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"}}
    assert fields_of(answers[1]) == [{"id_fcu": 2}]


def test_a_listing_in_a_body_cannot_go_on_either(standin, table, ask):
    for number in range(2):
        table.add({"id_fcu": number})
    body = {"pageSize": 1}
    body |= {"offset": ask("POST", f"{HEAT}/listRecords", json=body).json()["offset"]}
    standin.faults.set(Fault("stale"))

    assert ask("POST", f"{HEAT}/listRecords", json=body).status_code == 422


def test_an_error_may_repeat_the_key(standin, ask):
    standin.faults.set(Fault("echo"))

    answer = ask("GET", HEAT)

    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == f"Invalid request: Authorization: Bearer {KEY}"


def test_faults_are_set_over_http_too(standin, statuses):
    faults = [{"kind": "status", "status": 502, "only": "read"}]

    set_ = requests.post(f"{standin.url}/standin/faults", json=faults, timeout=5)

    assert set_.status_code == 200
    assert statuses("POST", "GET", "GET") == [200, 502, 200]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            {"sort": "x"},
            "Unknown: sort. Known: after, body, kind, message, only, seconds, sent, status, times.",
        ),
        (
            {"kind": "slow"},
            "kind: 'slow'; expected one of status, rate, late, reset, cut, malformed, html, "
            "stale, echo.",
        ),
        ({"kind": "late", "only": "reads"}, "only: 'reads'; expected one of read, write, ."),
    ],
)
def test_a_fault_that_it_does_not_know_is_refused(standin, fault, message):
    answer = requests.post(f"{standin.url}/standin/faults", json=[fault], timeout=5)

    assert (answer.status_code, answer.json()) == (400, {"message": message})
