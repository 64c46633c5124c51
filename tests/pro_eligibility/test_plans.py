"""The statements on many rows read no more of them than they have to."""

import json

import pytest
from django.conf import settings
from django.db import connection

from pro_eligibility import sql
from pro_eligibility.models import AddressRow
from tests.pro_eligibility.factories import AddressRowFactory, EligibilityTestFactory

pytestmark = pytest.mark.django_db

ROWS = 3_000


@pytest.fixture
def known_and_asked():
    """One file, located in one test and just copied into another: nothing was analysed since."""
    known, asked = EligibilityTestFactory.create_batch(2)
    for test, options in [(known, {}), (asked, {"waiting": True})]:
        rows = AddressRowFactory.build_batch(ROWS, test=test, **options)
        for number, row in enumerate(rows, 1):
            row.number, row.query_key = number, f"{number} rue de la paix"
        AddressRow.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE eligibility_test_rows SET geocoded_at = now() WHERE x > 0")
    return known, asked


@pytest.fixture
def emptied():
    """The table has its pages, and the planner was told that there is nothing on them."""
    rows = AddressRowFactory.build_batch(ROWS, test=EligibilityTestFactory())
    for number, row in enumerate(rows, 1):
        row.number = number
    AddressRow.objects.bulk_create(rows)
    AddressRow.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE eligibility_test_rows")


def rows_read_by_reuse(test):
    with connection.cursor() as cursor:
        cursor.execute(sql.ANALYZE)
    return rows_read(sql.REUSE, {"test": test.pk, "reuse": settings.GEOCODER["reuse"]})


def rows_read(statement, values):
    """By every node of the plan, those that a filter threw away included."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        found = cursor.fetchone()[0]
    plan = found if isinstance(found, list) else json.loads(found)
    return sum(map(read_by, nodes(plan[0]["Plan"])))


def nodes(node):
    yield node
    for child in node.get("Plans", []):
        yield from nodes(child)


def read_by(node):
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    return (node["Actual Rows"] + thrown) * node["Actual Loops"]


def test_addresses_are_reused_without_joining_all_with_all(known_and_asked):
    _, asked = known_and_asked

    read = rows_read_by_reuse(asked)

    assert asked.rows.located().count() == ROWS
    assert read < 20 * ROWS


def test_nor_where_the_table_was_analyzed_while_it_was_empty(emptied, known_and_asked):
    _, asked = known_and_asked

    read = rows_read_by_reuse(asked)

    assert read < 20 * ROWS


def test_tests_in_boxes_are_found_without_reading_every_row_for_every_box(known_and_asked):
    known, _ = known_and_asked
    boxes = [[0.0] * 100, [0.0] * 100, [1.0] * 99 + [1e7], [1.0] * 99 + [1e7]]

    with connection.cursor() as cursor:
        cursor.execute(sql.TESTS_IN_BOXES, boxes)
        assert cursor.fetchall() == [(known.pk,)]
    assert rows_read(sql.TESTS_IN_BOXES, boxes) < 20 * ROWS
