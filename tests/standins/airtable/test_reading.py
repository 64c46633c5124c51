"""Listing and single records: options and empty cells (points 5, 7, 8, 9)."""

import pytest

from standins.airtable.api import MAX_BODY
from tests.standins.airtable.world import (
    HEAT,
    INVALID_REQUEST,
    fields_of,
    unknown_field,
)


@pytest.fixture
def three(table):
    """Networks 2, 1 and 3 in the order of the view."""
    return [
        table.add({"id_fcu": 2, "Gestionnaire": "beta", "has_PDP": True}),
        table.add({"id_fcu": 1, "Gestionnaire": "Alpha"}),
        table.add({"id_fcu": 3}),
    ]


@pytest.fixture
def numbers(ask):
    """The keys of the records that these options list, in their order."""

    def numbers(**options):
        return [fields.get("id_fcu") for fields in fields_of(ask("GET", HEAT, params=options))]

    return numbers


def test_a_record_has_an_id_a_time_and_fields(three, ask):
    record = ask("GET", HEAT).json()["records"][0]

    assert sorted(record) == ["createdTime", "fields", "id"]
    assert record["id"] == three[0]
    assert record["createdTime"].endswith("Z")
    assert record["fields"] == {"id_fcu": 2, "Gestionnaire": "beta", "has_PDP": True}


@pytest.mark.parametrize("empty", [None, "", False, []])
def test_an_empty_cell_is_left_out(table, ask, empty):
    table.add({"id_fcu": 0, "has_PDP": empty, "communes": empty})

    assert fields_of(ask("GET", HEAT)) == [{"id_fcu": 0}]


def test_only_the_fields_that_are_asked_for_are_answered(three, ask):
    answer = ask("GET", HEAT, params={"fields[]": ["Gestionnaire", "has_PDP"]})

    assert fields_of(answer) == [
        {"Gestionnaire": "beta", "has_PDP": True},
        {"Gestionnaire": "Alpha"},
        {},
    ]


def test_a_field_that_is_unknown_is_named(three, ask):
    answer = ask("GET", HEAT, params={"fields[]": ["id_fcu", "nom_reseau"]})

    assert (answer.status_code, answer.json()) == (422, unknown_field("nom_reseau"))


def test_records_come_in_the_order_of_the_view(three, numbers):
    assert numbers() == [2, 1, 3]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ({"sort[0][field]": "id_fcu"}, [1, 2, 3]),
        ({"sort[0][field]": "id_fcu", "sort[0][direction]": "desc"}, [3, 2, 1]),
        ({"sort[0][field]": "Gestionnaire"}, [3, 1, 2]),
        ({"sort[0][field]": "has_PDP", "sort[1][field]": "id_fcu"}, [1, 3, 2]),
        ({"sort[1][field]": "id_fcu", "sort[0][field]": "has_PDP"}, [1, 3, 2]),
    ],
)
def test_records_are_sorted_with_empty_cells_first(three, numbers, sort, order):
    assert numbers(**sort) == order


def test_sorting_by_a_field_that_is_unknown_is_refused(ask):
    answer = ask("GET", HEAT, params={"sort[0][field]": "nom"})

    assert (answer.status_code, answer.json()) == (422, unknown_field("nom"))


def test_no_more_records_come_than_are_asked_for(three, numbers, ask):
    assert numbers(maxRecords="2") == [2, 1]
    assert "offset" not in ask("GET", HEAT, params={"maxRecords": "2"}).json()


def test_the_view_may_be_named(table, three, numbers):
    assert numbers(view="Grid view") == numbers(view=table.view_id) == [2, 1, 3]


def test_a_view_that_is_unknown_is_refused(ask):
    answer = ask("GET", HEAT, params={"view": "Mine"})

    assert answer.status_code == 422
    assert answer.json() == {
        "error": {"type": "VIEW_NAME_NOT_FOUND", "message": "View Mine not found"}
    }


def test_fields_may_be_answered_by_their_ids(table, three, ask):
    ids = {field.name: field.id for field in table.fields}
    params = {"returnFieldsByFieldId": "1", "fields[]": [ids["Gestionnaire"]]}

    answers = fields_of(ask("GET", HEAT, params=params))

    assert answers == [{ids["Gestionnaire"]: "beta"}, {ids["Gestionnaire"]: "Alpha"}, {}]


def test_cells_may_be_answered_as_text(table, ask):
    table.add({"id_fcu": 1, "has_PDP": True, "communes": ["Lille", "Lomme"]})
    params = {"cellFormat": "string", "timeZone": "Europe/Paris", "userLocale": "fr"}

    assert fields_of(ask("GET", HEAT, params=params)) == [
        {"id_fcu": "1", "has_PDP": "checked", "communes": "Lille, Lomme"}
    ]


def test_comments_may_be_counted(three, ask):
    record = ask("GET", HEAT, params={"recordMetadata[]": "commentCount"}).json()["records"][0]

    assert record["commentCount"] == 0


@pytest.mark.parametrize(
    "params",
    [
        {"pageSize": "0"},
        {"pageSize": "101"},
        {"maxRecords": "0"},
        {"cellFormat": "string"},
        {"sort[0][direction]": "asc"},
        {"sort[0][field]": "id_fcu", "sort[0][direction]": "up"},
        {"page": "2"},
    ],
)
def test_an_option_that_makes_no_sense_is_refused(ask, params):
    answer = ask("GET", HEAT, params=params)

    assert (answer.status_code, answer.json()) == (422, INVALID_REQUEST)


def test_the_same_options_may_be_in_a_body(three, ask):
    body = {
        "fields": ["id_fcu"],
        "sort": [{"field": "id_fcu", "direction": "desc"}],
        "maxRecords": 2,
        "filterByFormula": "{id_fcu}<3",
        "returnFieldsByFieldId": False,
    }

    assert fields_of(ask("POST", f"{HEAT}/listRecords", json=body)) == [
        {"id_fcu": 2},
        {"id_fcu": 1},
    ]


def test_time_zone_and_locale_stay_in_the_address(table, ask):
    table.add({"id_fcu": 1})
    params = {"timeZone": "Europe/Paris", "userLocale": "fr"}

    answer = ask("POST", f"{HEAT}/listRecords", params=params, json={"cellFormat": "string"})

    assert fields_of(answer) == [{"id_fcu": "1"}]


def test_a_single_record_is_answered(table, three, ask):
    answers = [
        ask("GET", f"{HEAT}/{three[1]}", params=params).json()["fields"]
        for params in ({}, {"returnFieldsByFieldId": "1"})
    ]

    ids = {field.name: field.id for field in table.fields}
    assert answers == [
        {"id_fcu": 1, "Gestionnaire": "Alpha"},
        {ids["id_fcu"]: 1, ids["Gestionnaire"]: "Alpha"},
    ]


def test_an_address_may_be_16000_characters_long(standin, ask):
    def url_of(length):
        start = f"{HEAT}?view="
        return start + "x" * (length - len(f"{standin.url}/v0/{start}"))

    statuses = [ask("GET", url_of(length)).status_code for length in (16_000, 16_001)]

    assert statuses == [422, 414]


def test_a_body_that_is_too_large_is_refused(table, ask):
    large = {"fields": {"informations": "x" * MAX_BODY}}

    answer = ask("POST", HEAT, json=large)

    assert answer.status_code == 413
    assert answer.json() == {
        "error": {
            "type": "REQUEST_TOO_LARGE",
            "message": "The body is larger than the allowed payload",
        }
    }
    assert table.records == []


@pytest.mark.parametrize(
    ("body", "status", "type"),
    [
        ("{", 400, "INVALID_REQUEST_BODY"),
        ('{"fields": {"id_fcu": NaN}}', 400, "INVALID_REQUEST_BODY"),
        ("[]", 422, "INVALID_REQUEST_UNKNOWN"),
    ],
)
def test_a_body_that_is_no_object_in_json_is_refused(ask, body, status, type):
    answer = ask("POST", HEAT, data=body)

    assert (answer.status_code, answer.json()["error"]["type"]) == (status, type)
