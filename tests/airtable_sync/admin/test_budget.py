"""What a page may cost: 8 queries, whatever the size of the plan or of the history."""

import pytest
from django.contrib.contenttypes.models import ContentType

from airtable_sync.admin.diff import PER_PAGE
from airtable_sync.models import PlannedChange
from tests.admin.conftest import text
from tests.airtable_sync.admin.conftest import LIST, page_of
from tests.airtable_sync.factories import PlannedChangeFactory, SyncPlanFactory
from tests.factories import JobFactory, UserFactory

MOST = 8


def plan_of(lines: int):
    """With a job that is at work, and everybody who can have to do with it."""
    plan = SyncPlanFactory(
        applied=True,
        job_id=JobFactory(processing=True, user=UserFactory()).pk,
        made_by=UserFactory(),
        applied_by=UserFactory(),
        undoes=SyncPlanFactory(),
        counts={"change": lines},
    )
    SyncPlanFactory(undoes=plan)
    cells = {f"column {n}": [n, n + 1] for n in range(5)}
    PlannedChange.objects.bulk_create(
        PlannedChangeFactory.build_batch(lines, plan=plan, cells=cells), batch_size=1_000
    )
    return plan


@pytest.mark.parametrize("lines", [1, 3_000])
def test_a_plan_keeps_to_its_queries(operator, django_assert_max_num_queries, lines):
    ContentType.objects.clear_cache()
    plan = plan_of(lines)

    with django_assert_max_num_queries(MOST):
        response = operator.get(page_of(plan), {"action": "change", "q": "Réseau"})

    assert text(response).count("column 4") == min(lines, PER_PAGE)


def test_its_last_page_keeps_to_its_queries(operator, django_assert_max_num_queries):
    plan = plan_of(PER_PAGE + 1)

    with django_assert_max_num_queries(MOST):
        response = operator.get(page_of(plan), {"page": "2"})

    assert text(response).count("column 4") == 1


@pytest.mark.parametrize("plans", [1, 60])
def test_the_list_keeps_to_its_queries(operator, django_assert_max_num_queries, plans):
    for _ in range(plans):
        SyncPlanFactory(
            applied=True,
            made_by=UserFactory(),
            applied_by=UserFactory(),
            undoes=SyncPlanFactory(),
            counts={"change": 1},
        )

    with django_assert_max_num_queries(MOST):
        response = operator.get(LIST, {"state__exact": "applied", "name": "reseaux-de-chaleur"})

    assert len(response.context["cl"].result_list) == min(plans, 50)


def test_a_page_has_no_more_than_200_records():
    assert PER_PAGE <= 200
