"""The page of a test's results: its numbers, its map, its rows, and the files of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from pro_eligibility.api.changes import change
from pro_eligibility.eligibility.thresholds import ELSEWHERE, FAR, PARIS
from pro_eligibility.models import EligibilityTest
from pro_eligibility.pages.access import to_test
from pro_eligibility.pages.results_counts import of_groups, of_outcomes, readable
from pro_eligibility.pages.results_exports import exports_of
from pro_eligibility.pages.results_map import bounds_of, layers_below, map_config
from pro_eligibility.pages.results_table import (
    chosen_filters,
    outcome_choices,
    page_of,
    query_of,
    type_choices,
)
from pro_eligibility.results import eligible_count
from pro_eligibility.row_filters import YES_OR_NO, filtered_rows


class ThresholdForm(forms.Form):
    score_threshold = forms.IntegerField(min_value=0, max_value=100)


def results_page(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    is_owner = test.user_id == request.user.pk
    has_changes = test.has_unseen_changes
    if is_owner and (test.has_unseen_results or has_changes):
        test.mark_seen()
    filters = chosen_filters(request.GET)
    context = {
        "test": test,
        "is_owner": is_owner,
        "has_changes": has_changes,
        "distances": {"elsewhere": ELSEWHERE, "paris": PARIS, "far": FAR},
        "exports": exports_of(test),
    }
    parts = numbers(test) | table(test, request, filters) | places(test, request, filters)
    return render(request, "pro_eligibility/results.html", context | parts)


def numbers(test: EligibilityTest) -> dict[str, Any]:
    return {
        "outcomes": of_outcomes(test),
        "groups": of_groups(test),
        "eligible": readable(eligible_count(test)),
        "row_count": readable(test.row_count),
    }


def table(test: EligibilityTest, request: HttpRequest, filters: QueryDict) -> dict[str, Any]:
    return {
        "filters": filters,
        "outcome_choices": outcome_choices(filters),
        "type_choices": type_choices(filters),
        "yes_or_no": YES_OR_NO,
        "query": query_of(request.GET),
        "page": page_of(filtered_rows(test, filters), test, request.GET),
    }


def places(test: EligibilityTest, request: HttpRequest, filters: QueryDict) -> dict[str, Any]:
    bounds = bounds_of(test)
    if bounds is None:
        return {}
    layers = layers_below(request)
    return {"layers": layers, "map_config": map_config(test, bounds, layers, filters)}


def save_threshold(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    form = ThresholdForm(request.POST)
    if form.is_valid():
        change(test, form.cleaned_data)
        messages.success(request, _("The least score was saved."))
    else:
        messages.error(request, _("The least score is a whole number from 0 to 100."))
    return to_test(test)
