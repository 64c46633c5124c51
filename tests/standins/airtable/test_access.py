"""Addresses, and who may ask for what (points 1 to 4)."""

from contextlib import closing
from http.client import HTTPConnection

import pytest
import requests

from standins.airtable import BASE
from tests.standins.airtable.world import COLD, FORBIDDEN, HEAT, NOT_FOUND, fields_of

UNAUTHENTICATED = {
    "error": {"type": "AUTHENTICATION_REQUIRED", "message": "Authentication required"}
}
WRITES = [
    ("POST", HEAT),
    ("PATCH", HEAT),
    ("PUT", HEAT),
    ("DELETE", HEAT),
    ("PATCH", f"{HEAT}/rec1"),
    ("DELETE", f"{HEAT}/rec1"),
]
READS = [("GET", HEAT), ("POST", f"{HEAT}/listRecords")]


def test_a_table_is_known_by_its_encoded_name_and_by_its_id(standin, ask):
    standin.table(COLD).add({"id_fcu": 7})

    answers = [ask("GET", f"{BASE}/{name}") for name in (COLD, "tblFroid000000001")]

    assert [fields_of(answer) for answer in answers] == [[{"id_fcu": 7}]] * 2


def test_a_connection_stays_open_for_further_requests(standin):
    with closing(HTTPConnection(standin.url.removeprefix("http://"), timeout=5)) as connection:
        connection.request("GET", f"/v0/{HEAT}")
        connection.getresponse().read()
        socket = connection.sock

        connection.request("GET", f"/v0/{HEAT}")

        assert connection.getresponse().version == 11
        assert connection.sock is socket is not None


def test_answers_are_json_in_utf_8(table, ask):
    table.add({"Gestionnaire": "Énergie œuvrée"})

    answer = ask("GET", HEAT)

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "Énergie œuvrée".encode() in answer.content


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer patOther.key", "patMadeUp"])
def test_without_the_key_nothing_is_answered(ask, header):
    answers = [
        ask("GET", route, headers={"Authorization": header}) for route in (HEAT, "meta/whoami")
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json() == UNAUTHENTICATED


@pytest.mark.parametrize("route", [f"appOther000000001/{COLD}", f"{BASE}/Nowhere"])
def test_a_base_or_table_that_is_unknown_is_as_one_that_is_not_granted(ask, route):
    answer = ask("GET", route)

    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_a_record_that_is_missing_is_not_found_in_a_single_word(ask, method):
    answer = ask(method, f"{HEAT}/recMissing0000001", json={"fields": {}})

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    ("method", "route"),
    [("GET", BASE), ("GET", f"{HEAT}/rec/comments"), ("POST", f"{HEAT}/rec"), ("GET", "meta/us")],
)
def test_an_address_that_is_not_of_the_api_is_not_found(ask, method, route):
    answer = ask(method, route, json={})

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_what_is_beside_the_api_is_not_found(standin):
    answer = requests.get(f"{standin.url}/v1/x", timeout=5)

    assert (answer.status_code, answer.json()) == (404, {"message": "There is no /v1/x."})


@pytest.mark.parametrize(
    ("method", "route"), [*READS, *WRITES, ("GET", f"meta/bases/{BASE}/tables")]
)
def test_a_key_without_the_base_is_refused(standin, ask, method, route):
    standin.grant(None)

    answer = ask(method, route, json={})

    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)


@pytest.mark.parametrize("permission", ["read", "comment"])
@pytest.mark.parametrize(("method", "route"), WRITES)
def test_a_reader_is_refused_writing(standin, ask, permission, method, route):
    standin.grant(permission)

    answer = ask(method, route, json={"fields": {}})

    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)


@pytest.mark.parametrize("permission", ["read", "comment", "edit", "create"])
@pytest.mark.parametrize(("method", "route"), READS)
def test_whoever_has_the_base_may_read(standin, ask, permission, method, route):
    standin.grant(permission)

    assert ask(method, route, json={}).status_code == 200


@pytest.mark.parametrize("permission", ["edit", "create"])
def test_an_editor_may_write(standin, ask, permission):
    standin.grant(permission)

    assert ask("POST", HEAT, json={"fields": {}}).status_code == 200


def test_a_permission_that_does_not_exist_cannot_be_granted(standin):
    with pytest.raises(ValueError) as error:
        standin.grant("owner")

    assert str(error.value) == "'owner'; expected one of read, comment, edit, create, or None."


@pytest.mark.parametrize(
    ("scope", "refused"),
    [
        ("data.records:read", READS),
        ("data.records:write", WRITES),
        ("schema.bases:read", [("GET", "meta/bases"), ("GET", f"meta/bases/{BASE}/tables")]),
    ],
)
def test_a_scope_that_the_key_lacks_is_refused(standin, ask, scope, refused):
    standin.scopes = standin.scopes - {scope}

    answers = [ask(method, route, json={}) for method, route in refused]

    assert {answer.status_code for answer in answers} == {403}
    assert answers[0].json() == FORBIDDEN


def test_a_scope_is_enough_for_what_it_is_for(standin, ask):
    standin.scopes = {"data.records:write"}

    assert ask("POST", HEAT, json={"fields": {}}).status_code == 200
