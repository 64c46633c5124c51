"""What a page may cost: 8 queries, none of which counts or reads the whole table."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import audit
from jobs.admin import change_list
from jobs.models import Job
from tests.admin.conftest import LIST, listed, page_of, text
from tests.factories import JobFactory, UserFactory, WorkerFactory

MOST = 8


@pytest.fixture
def sixty_jobs_of_many_users(db: None) -> list[Job]:
    ContentType.objects.clear_cache()
    return [
        JobFactory(**{trait: True}, user=UserFactory())
        for _ in range(15)
        for trait in ("pending", "processing", "finished", "failed")
    ]


@pytest.mark.usefixtures("sixty_jobs_of_many_users")
class TestTheListKeepsToItsQueries:
    def test_unfiltered(self, operator: Client, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(MOST):
            response = operator.get(LIST)

        assert len(listed(response)) == 50

    def test_filtered_by_everything(
        self, operator: Client, django_assert_max_num_queries: Any
    ) -> None:
        UserFactory(username="nadia")
        query = {"status": "error", "type": "probe", "age": "day", "owner": "nadia"}

        with django_assert_max_num_queries(MOST):
            operator.get(LIST, query)

    def test_searched(self, operator: Client, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(MOST):
            response = operator.get(LIST, {"q": "01"})

        assert len(listed(response)) == 50

    def test_its_second_page(self, operator: Client, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(MOST):
            response = operator.get(LIST, {"p": "2"})

        assert len(listed(response)) == 10

    def test_it_never_counts_without_a_limit(self, operator: Client) -> None:
        for query in ({}, {"status": "error"}, {"q": "01"}, {"_facets": "True"}, {"all": ""}):
            with CaptureQueriesContext(connection) as asked:
                operator.get(LIST, query)

            counts = [sql for sql in statements(asked) if re.search(r"count\(", sql, re.I)]
            assert counts
            assert [sql for sql in counts if "LIMIT" not in sql] == []

    def test_it_reads_no_large_column(self, operator: Client) -> None:
        with CaptureQueriesContext(connection) as asked:
            operator.get(LIST)

        rows = [
            sql for sql in statements(asked) if sql.startswith("SELECT") and '"priority"' in sql
        ]
        assert len(rows) == 1
        columns = rows[0].partition(" FROM ")[0]
        assert re.findall(r'"jobs"\."(?:data|result|errors|error)",', columns) == []


@pytest.mark.usefixtures("sixty_jobs_of_many_users")
def test_the_list_ends_at_the_cap_and_says_so(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_list, "MOST_LISTED", 55)

    response = operator.get(LIST, {"p": "2"})

    assert len(listed(response)) == 5
    assert "There are more than 55: pages end here." in text(response)


@pytest.mark.usefixtures("sixty_jobs_of_many_users")
def test_a_page_beyond_the_last_leads_back_to_the_list(operator: Client) -> None:
    response = operator.get(LIST, {"p": "4000000"})

    assert response["Location"] == f"{LIST}?e=1"


def test_a_job_keeps_to_its_queries(operator: Client, django_assert_max_num_queries: Any) -> None:
    ContentType.objects.clear_cache()
    job = JobFactory(pending=True, due=False, blocked_by=JobFactory().pk, user=UserFactory())
    for _ in range(12):
        JobFactory(pending=True, due=False, blocked_by=job.pk)
        audit.record(UserFactory(), job, "retried")

    with django_assert_max_num_queries(MOST):
        response = operator.get(page_of(job))

    assert text(response).count("Retried.") == 12


def test_a_running_job_keeps_to_its_queries(
    operator: Client, django_assert_max_num_queries: Any
) -> None:
    job = JobFactory(processing=True, user=UserFactory())

    with django_assert_max_num_queries(MOST):
        operator.get(page_of(job))


def test_the_workers_keep_to_their_queries(
    operator: Client, django_assert_max_num_queries: Any
) -> None:
    WorkerFactory.create_batch(20)

    with django_assert_max_num_queries(MOST):
        operator.get("/admin/jobs/worker/")


def test_the_latest_come_first_and_the_order_can_be_turned(operator: Client) -> None:
    old, new = (JobFactory(created_at=timezone.now() - timedelta(hours=hours)) for hours in (2, 1))

    assert listed(operator.get(LIST)) == [new, old]
    assert listed(operator.get(LIST, {"o": "6"})) == [old, new]


def test_the_list_can_be_ordered_by_no_other_column(operator: Client) -> None:
    jobs = [JobFactory(type=name) for name in ("b", "a", "c")]

    for column in range(6):
        assert listed(operator.get(LIST, {"o": str(column)})) == jobs[::-1]


def statements(asked: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in asked.captured_queries]
