"""The page of one row: what was uploaded, what was found, and all that was said of it."""

from typing import NamedTuple
from uuid import UUID

import shapely
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from networks.geometry import to_wgs_84
from pro_eligibility.models import AddressRow, EligibilityTest
from pro_eligibility.pages.results_table import line_of


class Coordinates(NamedTuple):
    x: float
    y: float
    longitude: float
    latitude: float


@login_required
@require_safe
def row_page(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    tests = EligibilityTest.objects.visible_to(request.user)
    test = get_object_or_404(tests, pk=id)
    row = get_object_or_404(test.rows.with_results(), number=number)
    context = {
        "test": test,
        "line": line_of(row, test.score_threshold),
        "cells": named_cells(test, row),
        "coordinates": coordinates(row.place),
        "history": row.place.history.order_by("-pk"),
    }
    return render(request, "pro_eligibility/row.html", context)


def named_cells(test: EligibilityTest, row: AddressRow) -> list[tuple[str, str]]:
    """A row may have more cells than there are columns; these have no name."""
    names = test.columns + [""] * (len(row.cells) - len(test.columns))
    return list(zip(names, row.cells, strict=False))


def coordinates(row: AddressRow) -> Coordinates | None:
    if row.x is None or row.y is None:
        return None
    [point] = to_wgs_84(shapely.points([(row.x, row.y)]))
    return Coordinates(row.x, row.y, point.x, point.y)
