"""What the stand-in was asked (point 20)."""

import pytest
import requests

from standins.airtable import BASE, KEY, AirtableStandin
from tests.standins.airtable.world import HEAT, NAME, SCHEMA, Clock


def test_reads_and_writes_are_counted(standin, ask):
    for method, route in [
        ("GET", HEAT),
        ("POST", f"{HEAT}/listRecords"),
        ("GET", "meta/whoami"),
        ("POST", HEAT),
        ("DELETE", f"{HEAT}/rec1"),
    ]:
        ask(method, route, json={"fields": {}})

    counters = standin.counters
    assert (counters.requests, counters.reads, counters.writes) == (5, 3, 2)


def test_records_are_counted_by_what_became_of_them(standin, table, ask):
    first, second = table.add({"id_fcu": 1}), table.add({"id_fcu": 2})
    records = [{"fields": {"id_fcu": number}} for number in (2, 3, 4)]
    upsert = {"records": records, "performUpsert": {"fieldsToMergeOn": ["id_fcu"]}}

    ask("PATCH", HEAT, json=upsert)
    ask("PUT", f"{HEAT}/{first}", json={"fields": {"prix": 1}})
    ask("POST", HEAT, json={"fields": {}})
    ask("DELETE", HEAT, params={"records[]": [first, second]})

    counters = standin.counters
    assert counters.records_created == 3
    assert counters.records_updated == 2
    assert counters.records_deleted == 2


def test_what_is_refused_is_a_request_but_writes_no_record(standin, ask):
    ask("POST", HEAT, json={"records": [{"fields": {}}, {"fields": {"nom": 1}}]})

    assert (standin.counters.requests, standin.counters.records_created) == (1, 0)


def test_what_is_changed_by_hand_is_not_counted(standin, table):
    table.change(table.add({"id_fcu": 1}), {"id_fcu": 2})

    assert standin.counters.requests == standin.counters.records_created == 0


def test_each_request_is_in_the_log_with_its_time():
    clock = Clock()
    with AirtableStandin(SCHEMA, clock=clock) as standin:
        for second, method, route, options in [
            (1, "GET", HEAT, {}),
            (2, "PATCH", HEAT, {"json": {"records": [{}] * 3}}),
            (2.5, "PATCH", f"{HEAT}/rec1", {"json": {"fields": {}}}),
            (3, "DELETE", HEAT, {"params": {"records[]": ["rec1", "rec2"]}}),
            (4, "DELETE", f"{HEAT}/rec1", {}),
            (5, "POST", f"{HEAT}/listRecords", {"json": {"fields": ["id_fcu"]}}),
        ]:
            clock.now = second
            requests.request(method, f"{standin.url}/v0/{route}", timeout=5, **options)

    path = f"/v0/{BASE}/{NAME}"
    assert standin.counters.log == [
        (1, "GET", path, 0),
        (2, "PATCH", path, 3),
        (2.5, "PATCH", f"{path}/rec1", 1),
        (3, "DELETE", path, 2),
        (4, "DELETE", f"{path}/rec1", 1),
        (5, "POST", f"{path}/listRecords", 0),
    ]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"records": 5}'])
def test_a_body_that_cannot_be_counted_is_one_record(standin, ask, body):
    ask("POST", HEAT, data=body)

    assert standin.counters.log[0].records == 1


def test_the_counters_are_read_over_http_without_being_counted(standin, ask):
    ask("POST", HEAT, json={"fields": {}})

    counted = requests.get(f"{standin.url}/standin/counters", timeout=5).json()

    at = standin.counters.log[0].at
    assert counted == {
        "requests": 1,
        "reads": 0,
        "writes": 1,
        "refusals": 0,
        "records_created": 1,
        "records_updated": 0,
        "records_deleted": 0,
        "log": [{"at": at, "method": "POST", "path": f"/v0/{BASE}/{NAME}", "records": 1}],
    }
    assert KEY not in str(counted)
