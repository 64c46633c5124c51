"""Creating and updating records: whole batches or nothing (points 10, 11, 13)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.standins.airtable.world import (
    HEAT,
    INVALID_REQUEST,
    NOT_FOUND,
    fields_of,
    invalid_value,
    unknown_field,
)

GOOD = {"fields": {"id_fcu": 1}}
UNKNOWN = {"fields": {"nom_reseau": "x"}}
WRONG = {"fields": {"id_fcu": "one"}}


@pytest.fixture
def two(table):
    return [
        table.add({"id_fcu": 1, "Gestionnaire": "a", "has_PDP": True}),
        table.add({"id_fcu": 2, "Gestionnaire": "b"}),
    ]


def test_one_record_is_created(table, ask):
    answer = ask("POST", HEAT, json=GOOD)

    assert answer.status_code == 200
    assert [answer.json()] == table.records
    assert answer.json()["fields"] == {"id_fcu": 1}


@pytest.mark.parametrize("name", ["records", "performUpsert", "name"])
def test_one_record_is_written_with_nothing_of_a_batch(table, two, ask, name):
    before = table.records

    answer = ask("PATCH", f"{HEAT}/{two[0]}", json={"fields": {"id_fcu": 9}, name: []})

    assert (answer.status_code, answer.json()) == (422, INVALID_REQUEST)
    assert table.records == before


def test_up_to_ten_records_are_created(table, ask):
    answer = ask("POST", HEAT, json={"records": [GOOD] * 10})

    assert answer.status_code == 200
    assert answer.json() == {"records": table.records}
    assert len({record["id"] for record in table.records}) == 10


@pytest.mark.parametrize(
    "body",
    [
        {"records": [GOOD] * 11},
        {"records": []},
        {"records": [{"id": "rec1", "fields": {}}]},
        {"records": [{"cells": {}}]},
        {"records": [GOOD], "fields": {}},
        {"records": [GOOD], "performUpsert": {"fieldsToMergeOn": ["id_fcu"]}},
        {},
        {"fields": [1]},
        {"fields": {}, "table": "x"},
    ],
)
def test_what_makes_no_batch_creates_nothing(table, ask, body):
    answer = ask("POST", HEAT, json=body)

    assert (answer.status_code, answer.json()) == (422, INVALID_REQUEST)
    assert table.records == []


@pytest.mark.parametrize(
    ("bad", "error"), [(UNKNOWN, unknown_field("nom_reseau")), (WRONG, invalid_value("id_fcu"))]
)
def test_one_bad_record_lets_none_be_created(table, ask, bad, error):
    answer = ask("POST", HEAT, json={"records": [GOOD, bad, GOOD]})

    assert (answer.status_code, answer.json()) == (422, error)
    assert table.records == []


def test_an_update_merges_with_what_is_there(table, two, ask):
    records = [{"id": two[0], "fields": {"Gestionnaire": "c", "prix": 3}}]

    answer = ask("PATCH", HEAT, json={"records": records})

    assert fields_of(answer) == [{"id_fcu": 1, "Gestionnaire": "c", "prix": 3, "has_PDP": True}]
    assert answer.json() == {"records": [table.records[0]]}
    assert table.records[1]["fields"] == {"id_fcu": 2, "Gestionnaire": "b"}


def test_a_replacement_clears_what_it_does_not_mention(table, two, ask):
    table.change(two[0], {"calcul": 7})
    records = [{"id": two[0], "fields": {"Gestionnaire": "c"}}]

    answer = ask("PUT", HEAT, json={"records": records})

    assert fields_of(answer) == [{"Gestionnaire": "c", "calcul": 7}]
    assert table.records[0]["fields"] == {"Gestionnaire": "c", "calcul": 7}


@pytest.mark.parametrize(
    ("method", "left"),
    [("PATCH", {"id_fcu": 1, "prix": 3, "has_PDP": True}), ("PUT", {"prix": 3})],
)
def test_one_record_is_updated_by_its_address(table, two, ask, method, left):
    body = {"fields": {"prix": 3, "Gestionnaire": None}}

    answer = ask(method, f"{HEAT}/{two[0]}", json=body)

    assert answer.json() == table.records[0]
    assert table.records[0]["fields"] == left


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize(
    ("bad", "status", "error"),
    [
        ({"id": "recMissing0000001", "fields": {}}, 404, NOT_FOUND),
        ({"fields": {}}, 422, INVALID_REQUEST),
        ({"id": 1, "fields": {"id_fcu": "x"}}, 422, INVALID_REQUEST),
    ],
)
def test_one_bad_record_lets_none_be_updated(table, two, ask, method, bad, status, error):
    before = table.records
    records = [{"id": two[0], "fields": {"id_fcu": 9}}, bad]

    answer = ask(method, HEAT, json={"records": records})

    assert (answer.status_code, answer.json()) == (status, error)
    assert table.records == before


def test_a_value_of_the_wrong_type_lets_none_be_updated(table, two, ask):
    before = table.records
    records = [{"id": two[0], "fields": {"id_fcu": 9}}, {"id": two[1], "fields": {"id_fcu": "x"}}]

    answer = ask("PATCH", HEAT, json={"records": records})

    assert (answer.status_code, answer.json()) == (422, invalid_value("id_fcu"))
    assert table.records == before


def test_no_more_than_ten_records_are_updated(table, ask):
    records = [{"id": table.add({}), "fields": {"id_fcu": 1}} for _ in range(11)]

    answers = [ask("PATCH", HEAT, json={"records": records[:size]}) for size in (11, 10)]

    assert [answer.status_code for answer in answers] == [422, 200]
    assert answers[0].json() == INVALID_REQUEST


def test_a_record_is_updated_once_in_a_request(table, two, ask):
    records = [{"id": two[0], "fields": {"id_fcu": number}} for number in (8, 9)]

    answer = ask("PATCH", HEAT, json={"records": records})

    assert answer.status_code == 422
    assert answer.json() == {
        "error": {
            "type": "INVALID_RECORDS",
            "message": "You cannot update the same record multiple times in a single request.",
        }
    }
    assert table.records[0]["fields"]["id_fcu"] == 1


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize("name", ["id_fcu", "Gestionnaire", "has_PDP"])
def test_nothing_clears_a_cell(table, two, ask, name, empty):
    ask("PATCH", f"{HEAT}/{two[0]}", json={"fields": {name: empty}})

    assert name not in table.records[0]["fields"]


def test_an_unticked_box_is_an_empty_cell(table, two, ask):
    answer = ask("PATCH", f"{HEAT}/{two[0]}", json={"fields": {"has_PDP": False}})

    assert answer.json()["fields"] == {"id_fcu": 1, "Gestionnaire": "a"}


def test_fields_may_be_written_and_answered_by_their_ids(table, ask):
    id = table.fields[0].id
    body = {"fields": {id: 5}, "returnFieldsByFieldId": True}

    answer = ask("POST", HEAT, json=body)

    assert answer.json()["fields"] == {id: 5}
    assert table.records[0]["fields"] == {"id_fcu": 5}


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_nobody_else_reads_or_writes_during_a_write(monkeypatch, table, two, ask, method):
    taken = []

    def try_the_lock(*asked):
        with ThreadPoolExecutor(1) as somebody:
            taken.append(somebody.submit(table.lock.acquire, blocking=False).result())
        return real(*asked)

    real = {"POST": table.field, "PATCH": table.record, "DELETE": table.record}[method]
    monkeypatch.setattr(table, real.__name__, try_the_lock)
    records = {"POST": [GOOD]}.get(method, [GOOD | {"id": two[0]}])

    ask(method, HEAT, json={"records": records}, params={"records[]": two[:1]})

    assert taken == [False]


def test_a_field_that_was_renamed_is_unknown_by_its_old_name(table, two, ask):
    table.rename_field("Gestionnaire", "Exploitant")

    write = ask("PATCH", f"{HEAT}/{two[0]}", json={"fields": {"Gestionnaire": "x"}})

    assert (write.status_code, write.json()) == (422, unknown_field("Gestionnaire"))
    assert fields_of(ask("GET", HEAT))[0]["Exploitant"] == "a"
