"""Records that are found by their values, or made (point 12)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.standins.airtable.world import (
    HEAT,
    INVALID_REQUEST,
    NOT_FOUND,
    invalid_value,
    unknown_field,
)

REPEATED = {
    "error": {
        "type": "INVALID_RECORDS",
        "message": "You cannot update the same record multiple times in a single request.",
    }
}


@pytest.fixture
def two(table):
    return [
        table.add({"id_fcu": 1, "Gestionnaire": "a"}),
        table.add({"id_fcu": 2, "Gestionnaire": "b"}),
    ]


@pytest.fixture
def upsert(ask):
    """`upsert({…}, {…}, on=["id_fcu"])`; a record with "id" is sent by it."""

    def upsert(*records, on=("id_fcu",), method="PATCH", **options):
        sent = [record if "fields" in record else {"fields": dict(record)} for record in records]
        body = {"performUpsert": {"fieldsToMergeOn": list(on)}, "records": sent}
        return ask(method, HEAT, json=body | options)

    return upsert


def test_what_is_found_is_updated_and_what_is_not_is_made(table, two, upsert):
    answer = upsert({"id_fcu": 2, "prix": 5}, {"id_fcu": 3})

    made = table.records[2]
    assert answer.json() == {
        "records": [table.records[1], made],
        "createdRecords": [made["id"]],
        "updatedRecords": [two[1]],
    }
    assert table.records[1]["fields"] == {"id_fcu": 2, "Gestionnaire": "b", "prix": 5}
    assert made["fields"] == {"id_fcu": 3}


def test_the_same_upsert_twice_makes_no_record_twice(table, upsert):
    for _ in range(2):
        answer = upsert({"id_fcu": 3})

    assert len(table.records) == 1
    assert answer.json()["createdRecords"] == []


def test_a_replacement_clears_what_it_does_not_mention(table, two, upsert):
    upsert({"id_fcu": 1, "prix": 5}, method="PUT")

    assert table.records[0]["fields"] == {"id_fcu": 1, "prix": 5}


def test_several_fields_may_have_to_match(table, two, upsert):
    answer = upsert(
        {"id_fcu": 1, "Gestionnaire": "a"},
        {"id_fcu": 1, "Gestionnaire": "b"},
        on=["id_fcu", "Gestionnaire"],
    )

    assert answer.json()["updatedRecords"] == [two[0]]
    assert len(answer.json()["createdRecords"]) == 1


def test_a_field_may_be_named_by_its_id(table, two, upsert):
    answer = upsert({"id_fcu": 1}, on=[table.field("id_fcu").id])

    assert answer.json()["updatedRecords"] == [two[0]]


def test_numbers_match_whether_or_not_they_have_a_point(two, upsert):
    assert upsert({"id_fcu": 1.0}).json()["updatedRecords"] == [two[0]]


def test_what_is_compared_is_the_value_after_it_was_converted(two, upsert):
    assert upsert({"id_fcu": "1"}, typecast=True).json()["updatedRecords"] == [two[0]]


def test_a_record_with_an_id_is_not_compared(table, two, upsert):
    answer = upsert({"id": two[0], "fields": {"id_fcu": 9}})

    assert answer.json()["updatedRecords"] == [two[0]]
    assert [record["fields"]["id_fcu"] for record in table.records] == [9, 2]


@pytest.mark.parametrize("place", [0, 1])
def test_an_id_that_is_unknown_lets_nothing_be_written(table, two, upsert, place):
    before = table.records
    records = [{"id_fcu": 3}]
    records.insert(place, {"id": "recMissing0000001", "fields": {"id_fcu": 1}})

    answer = upsert(*records)

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert table.records == before


def test_more_than_one_match_lets_nothing_be_written(table, two, upsert):
    table.add({"id_fcu": 2})
    before = table.records

    answer = upsert({"id_fcu": 3}, {"id_fcu": 2, "prix": 1})

    assert answer.status_code == 422
    assert answer.json() == {
        "error": {
            "type": "INVALID_RECORDS",
            "message": "More than one record matches the provided values of: id_fcu",
        }
    }
    assert table.records == before


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"id_fcu": "x"}, invalid_value("id_fcu")),
        ({"id_fcu": 4, "nom": "x"}, unknown_field("nom")),
        ({"Gestionnaire": "without the key"}, INVALID_REQUEST),
        ({"id_fcu": 3, "Gestionnaire": "again"}, REPEATED),
    ],
)
def test_one_bad_record_lets_nothing_be_written(table, two, upsert, bad, error):
    before = table.records

    answer = upsert({"id_fcu": 3}, {"id_fcu": 1, "prix": 7}, bad)

    assert (answer.status_code, answer.json()) == (422, error)
    assert table.records == before


def test_a_record_is_updated_once_in_a_request(two, upsert):
    answer = upsert({"id_fcu": 1}, {"id": two[0], "fields": {"prix": 1}})

    assert (answer.status_code, answer.json()) == (422, REPEATED)


@pytest.mark.parametrize(
    "on", [[], ["id_fcu", "Gestionnaire", "site", "contact"], ["has_PDP"], ["calcul"]]
)
def test_one_to_three_fields_that_can_be_compared_are_needed(table, upsert, on):
    record = {"id_fcu": 1, "Gestionnaire": "a", "site": "s", "contact": "c", "has_PDP": True}

    answer = upsert(record, on=on)

    assert (answer.status_code, answer.json()) == (422, INVALID_REQUEST)
    assert table.records == []


def test_a_field_to_compare_that_is_unknown_is_named(upsert):
    answer = upsert({"id_fcu": 1}, on=["nom"])

    assert (answer.status_code, answer.json()) == (422, unknown_field("nom"))


def test_no_more_than_ten_records_are_taken(table, upsert):
    answer = upsert(*({"id_fcu": number} for number in range(11)))

    assert (answer.status_code, answer.json()) == (422, INVALID_REQUEST)
    assert table.records == []


def test_the_same_record_from_many_clients_at_once_is_made_once(table, upsert):
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: upsert({"id_fcu": 3}), range(24)))

    assert {answer.status_code for answer in answers} == {200}
    assert [record["fields"] for record in table.records] == [{"id_fcu": 3}]
