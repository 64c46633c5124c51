"""Pages of a listing (points 5, 6)."""

import re

import pytest

from standins.airtable.paging import KEPT
from tests.standins.airtable.world import HEAT, fields_of

STALE = {"error": {"type": "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"}}


@pytest.fixture
def five(table):
    return [table.add({"id_fcu": number}) for number in range(1, 6)]


@pytest.fixture
def page(ask):
    """The keys on a page, and the offset of the next one."""

    def page(offset="", **options):
        params = {"pageSize": 2} | options | ({"offset": offset} if offset else {})
        answer = ask("GET", HEAT, params=params)
        return [fields["id_fcu"] for fields in fields_of(answer)], answer.json().get("offset")

    return page


def test_a_page_has_100_records_unless_fewer_are_asked_for(table, ask):
    for number in range(101):
        table.add({"id_fcu": number})

    sizes = [
        len(ask("GET", HEAT, params=params).json()["records"])
        for params in ({}, {"pageSize": "100"}, {"pageSize": "7"})
    ]

    assert sizes == [100, 100, 7]


def test_pages_follow_each_other_until_there_is_no_offset(five, page):
    first, second = page()
    middle, third = page(second)
    last, none = page(third)

    assert [first, middle, last] == [[1, 2], [3, 4], [5]]
    assert re.fullmatch(r"itr\w{14}/rec\w{14}", second)
    assert second.split("/")[1] == five[2]
    assert none is None


def test_an_offset_may_be_in_a_body(five, ask):
    body = {"pageSize": 4}
    offset = ask("POST", f"{HEAT}/listRecords", json=body).json()["offset"]

    answer = ask("POST", f"{HEAT}/listRecords", json=body | {"offset": offset})

    assert fields_of(answer) == [{"id_fcu": 5}]


def test_a_page_may_be_asked_for_again(five, page):
    _, offset = page()

    assert page(offset) == page(offset)


def test_the_most_records_are_over_all_pages(five, page):
    first, offset = page(maxRecords=3)

    assert first == [1, 2]
    assert page(offset, maxRecords=3) == ([3], None)


def test_the_order_is_kept_while_records_change(table, five, page):
    order = {"sort[0][field]": "id_fcu"}
    _, offset = page(**order)

    table.change(five[0], {"id_fcu": 9})
    table.change(five[4], {"id_fcu": 0})

    assert page(offset, **order)[0] == [3, 4]


def test_a_record_that_was_made_meanwhile_is_not_listed(table, five, page):
    _, offset = page()

    table.add({"id_fcu": 6})

    assert page(offset, pageSize=100) == ([3, 4, 5], None)


def test_a_record_that_was_deleted_meanwhile_leaves_no_gap(table, five, page):
    _, offset = page()

    table.remove(five[2])

    assert page(offset) == ([4, 5], None)


def test_a_cell_is_as_it_is_when_its_page_is_asked_for(table, five, page):
    _, offset = page()

    table.change(five[2], {"id_fcu": 30})

    assert page(offset)[0] == [30, 4]


def test_an_offset_at_a_record_that_was_not_listed_is_stale(five, page, ask):
    iterator = page()[1].split("/")[0]

    answer = ask("GET", HEAT, params={"offset": f"{iterator}/recUnknown"})

    assert (answer.status_code, answer.json()) == (422, STALE)


@pytest.mark.parametrize("offset", ["itrUnknown/recUnknown", "2", "/"])
def test_an_offset_that_is_not_known_is_stale(five, ask, offset):
    answer = ask("GET", HEAT, params={"offset": offset})

    assert (answer.status_code, answer.json()) == (422, STALE)


def test_an_offset_is_stale_after_many_others(five, page, ask):
    _, offset = page()

    for _ in range(KEPT):
        page()

    assert ask("GET", HEAT, params={"offset": offset}).json() == STALE
