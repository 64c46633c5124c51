"""Search, by id alone."""

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import LIST, listed, said
from tests.factories import JobFactory


def test_the_whole_id_finds_its_job(viewer: Client) -> None:
    job, _ = JobFactory(), JobFactory()

    assert listed(viewer.get(LIST, {"q": str(job.pk)})) == [job]


def test_a_search_keeps_to_the_filters(viewer: Client) -> None:
    JobFactory(id=UUID("aaaaaaaabbbb70008000000000000001"))
    failed = JobFactory(id=UUID("aaaaaaaabbbb70008000000000000002"), failed=True)

    assert listed(viewer.get(LIST, {"q": "aaaaaaaa", "status": "error"})) == [failed]


def test_an_id_may_be_in_capitals_without_dashes_and_between_spaces(viewer: Client) -> None:
    job, _ = JobFactory(), JobFactory()

    assert listed(viewer.get(LIST, {"q": f"  {job.pk.hex.upper()} "})) == [job]


def test_the_beginning_of_an_id_finds_all_that_begin_so(viewer: Client) -> None:
    one = JobFactory(id=UUID("aaaaaaaabbbb70008000000000000001"))
    two = JobFactory(id=UUID("aaaaaaaabbbc70008000000000000001"))
    JobFactory(id=UUID("aaaaaaabbbbb70008000000000000001"))

    assert listed(viewer.get(LIST, {"q": "aaaaaaaa-bbb"})) == [two, one]
    assert listed(viewer.get(LIST, {"q": "aaaaaaaabbbb"})) == [one]


def test_the_beginning_of_an_id_is_a_range_of_the_primary_key(viewer: Client) -> None:
    JobFactory()

    with CaptureQueriesContext(connection) as asked:
        viewer.get(LIST, {"q": "aaaa"})

    rows = [query["sql"] for query in asked.captured_queries if '"priority"' in query["sql"]]
    assert len(rows) == 1
    _, _, conditions = rows[0].partition(" WHERE ")
    assert conditions.startswith(
        '("jobs"."id" >= \'aaaa0000000000000000000000000000\'::uuid'
        ' AND "jobs"."id" <= \'aaaaffffffffffffffffffffffffffff\'::uuid)'
        ' ORDER BY "jobs"."id" DESC'
    )


@pytest.mark.parametrize("words", ["hello", "%", "aaaa%", "𝟙", "a" * 33, "' OR 1=1 --", "aa aa"])
def test_anything_else_finds_nothing_and_says_why(viewer: Client, words: str) -> None:
    JobFactory()

    response = viewer.get(LIST, {"q": words})

    assert listed(response) == []
    assert said(response) == [
        f"“{words}” is not the id of a job. Give a UUID, or how one begins: 0-9, a-f."
    ]


def test_a_nul_is_refused(viewer: Client) -> None:
    assert said(viewer.get(LIST, {"q": "a\x00"})) == ["Null characters are not allowed."]
