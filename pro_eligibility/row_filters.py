"""Which rows of a test are asked for: by the API, and by the table of its page."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet, MultipleChoiceFilter, TypedChoiceFilter

from jobs.api.filters import SeveralTexts
from pro_eligibility.eligibility.verdict import EligibilityType, Transition
from pro_eligibility.models import AddressRow, Assessment, EligibilityTest, Outcome

Rows = QuerySet[AddressRow]
YES_OR_NO = [("", _("all")), ("true", _("yes")), ("false", _("no"))]


class RowFilters(FilterSet):  # type: ignore[misc]
    """Of rows `with_outcome`. The result of a duplicate is that of the row it repeats."""

    outcome = MultipleChoiceFilter(
        choices=Outcome.choices,
        widget=SeveralTexts,
        distinct=False,
        label=_("outcome"),
        help_text="one or more of {choices}",
    )
    type = MultipleChoiceFilter(
        method="of_types",
        choices=EligibilityType.choices,
        widget=SeveralTexts,
        label=_("eligibility"),
        help_text="one or more of {choices}",
    )
    eligible = TypedChoiceFilter(
        method="that_are_eligible",
        choices=YES_OR_NO,
        coerce="true".__eq__,
        label=_("eligible"),
        help_text="true or false",
    )
    q = CharFilter(
        method="with_text",
        max_length=200,
        label=_("text in the address"),
        help_text="a part of the address, given or found, of at most 200 characters",
    )
    changed = TypedChoiceFilter(
        method="that_changed",
        choices=YES_OR_NO,
        coerce="true".__eq__,
        label=_("changed since the first result"),
        help_text="true or false",
    )

    class Meta:
        model = AddressRow
        fields: list[str] = []

    def of_types(self, rows: Rows, name: str, types: list[str]) -> Rows:
        return rows.filter(with_result(type__in=types))

    def that_are_eligible(self, rows: Rows, name: str, eligible: bool) -> Rows:
        return rows.filter(with_result(eligible=eligible))

    def with_text(self, rows: Rows, name: str, text: str) -> Rows:
        in_labels = Q(label__icontains=text) | Q(duplicate_of__label__icontains=text)
        return rows.filter(Q(query__icontains=text) | in_labels)

    def that_changed(self, rows: Rows, name: str, changed: bool) -> Rows:
        later = Assessment.objects.filter(row=Coalesce(OuterRef("duplicate_of"), OuterRef("pk")))
        news = Exists(later.exclude(transition__in=[Transition.INITIAL, Transition.NONE]))
        return rows.filter(with_result(isnull=False) & (news if changed else ~news))


def filtered_rows(test: EligibilityTest, params: Any) -> Rows:
    """In the order of the file, with outcome and results; what cannot be understood is ignored."""
    rows = test.rows.with_outcome(test.score_threshold).with_results()
    return rows_of(RowFilters(params, rows))


def rows_of(filters: RowFilters) -> Rows:
    rows: Rows = filters.qs
    return rows.order_by("number")


def with_result(**conditions: Any) -> Q:
    """A row whose result, or whose original's, is so."""
    own = {f"assessment__{name}": value for name, value in conditions.items()}
    shared = {f"duplicate_of__assessment__{name}": value for name, value in conditions.items()}
    return Q(**own) | Q(**shared)
