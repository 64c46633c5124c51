"""How many rows of a test became what."""

from typing import Any

from django.db.models import Count, QuerySet

from pro_eligibility.models import AddressRow, EligibilityTest, Outcome


def outcome_counts(test: EligibilityTest, threshold: int | None = None) -> dict[str, int]:
    """Rows by Outcome, those without any included; as if `threshold` were the test's."""
    asked = test.score_threshold if threshold is None else threshold
    rows: QuerySet[Any] = AddressRow.objects.filter(test=test).with_outcome(asked).order_by()
    counted = dict(rows.values_list("outcome").annotate(count=Count("pk")))
    return {outcome.value: counted.get(outcome.value, 0) for outcome in Outcome}


def verdict_counts(test: EligibilityTest) -> dict[str, int]:
    """Located rows by EligibilityType, only those that occur."""
    rows = test.rows.filter(assessment__isnull=False).order_by()
    return dict(rows.values_list("assessment__type").annotate(count=Count("pk")))


def eligible_count(test: EligibilityTest) -> int:
    return test.rows.filter(assessment__eligible=True).count()
