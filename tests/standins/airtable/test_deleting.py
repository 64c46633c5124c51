"""Deleting records (point 15)."""

import pytest

from tests.standins.airtable.world import HEAT, INVALID_REQUEST, NOT_FOUND


@pytest.fixture
def eleven(table):
    return [table.add({"id_fcu": number}) for number in range(11)]


def test_up_to_ten_records_are_deleted(table, eleven, ask):
    answer = ask("DELETE", HEAT, params={"records[]": eleven[:10]})

    assert answer.status_code == 200
    assert answer.json() == {"records": [{"id": id, "deleted": True} for id in eleven[:10]]}
    assert [record["id"] for record in table.records] == eleven[10:]


def test_one_record_is_deleted_by_its_address(table, eleven, ask):
    answer = ask("DELETE", f"{HEAT}/{eleven[0]}")

    assert answer.json() == {"id": eleven[0], "deleted": True}
    assert len(table.records) == 10


@pytest.mark.parametrize("count", [0, 11])
def test_none_or_more_than_ten_are_refused(table, eleven, ask, count):
    answer = ask("DELETE", HEAT, params={"records[]": eleven[:count]})

    assert (answer.status_code, answer.json()) == (422, INVALID_REQUEST)
    assert len(table.records) == 11


def test_an_id_that_is_unknown_lets_none_be_deleted(table, eleven, ask):
    answer = ask("DELETE", HEAT, params={"records[]": [eleven[0], "recMissing0000001"]})

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert len(table.records) == 11


def test_a_record_is_deleted_once_in_a_request(table, eleven, ask):
    answer = ask("DELETE", HEAT, params={"records[]": [eleven[0]] * 2})

    assert answer.status_code == 422
    assert len(table.records) == 11


def test_an_id_is_never_given_again(table, eleven, ask):
    ask("DELETE", f"{HEAT}/{eleven[10]}")

    assert table.add({}) not in eleven
