"""How many rows of a test became what; a duplicate has the result of the row it repeats."""

from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from pro_eligibility.models import AddressRow, EligibilityTest, Outcome


def outcome_counts(test: EligibilityTest, threshold: int | None = None) -> dict[str, int]:
    """Rows by Outcome, those without any included; as if `threshold` were the test's."""
    asked = test.score_threshold if threshold is None else threshold
    rows: QuerySet[Any] = AddressRow.objects.filter(test=test).with_outcome(asked).order_by()
    counted = dict(rows.values_list("outcome").annotate(count=Count("pk")))
    return {outcome.value: counted.get(outcome.value, 0) for outcome in Outcome}


def verdict_counts(test: EligibilityTest) -> dict[str, int]:
    """Rows by EligibilityType, only those that occur."""
    rows = with_result(test, "type").filter(result__isnull=False).order_by()
    return dict(rows.values_list("result").annotate(count=Count("pk")))


def eligible_count(test: EligibilityTest) -> int:
    return with_result(test, "eligible").filter(result=True).count()


def with_result(test: EligibilityTest, field: str) -> QuerySet[Any]:
    """Each with `result`: this field of its assessment, or else of the one it shares."""
    own, shared = f"assessment__{field}", f"duplicate_of__assessment__{field}"
    return test.rows.annotate(result=Coalesce(own, shared))
