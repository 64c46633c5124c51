"""The page of one row: what was uploaded, what was found, and all that was said of it."""

from typing import NamedTuple

import shapely
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from networks.geometry import to_wgs_84
from pro_eligibility.models import AddressRow, EligibilityTest
from pro_eligibility.pages.results_table import chosen_filters, line_of, query_of
from pro_eligibility.row_filters import filtered_rows


class Coordinates(NamedTuple):
    x: float
    y: float
    longitude: float
    latitude: float


class Beside(NamedTuple):
    """The rows before and after it, of those that the table was asked for."""

    previous: int | None
    next: int | None


def row_page(request: HttpRequest, test: EligibilityTest, number: int) -> HttpResponse:
    row = get_object_or_404(test.rows.with_results(), number=number)
    context = {
        "test": test,
        "line": line_of(row, test.score_threshold),
        "cells": named_cells(test, row),
        "coordinates": coordinates(row.place),
        "history": row.place.history.order_by("-pk"),
        "beside": rows_beside(test, number, request.GET),
        "query": query_of(request.GET),
    }
    return render(request, "pro_eligibility/row.html", context)


def rows_beside(test: EligibilityTest, number: int, params: QueryDict) -> Beside:
    numbers = filtered_rows(test, chosen_filters(params)).values_list("number", flat=True)
    return Beside(
        previous=numbers.filter(number__lt=number).order_by("-number").first(),
        next=numbers.filter(number__gt=number).first(),
    )


def named_cells(test: EligibilityTest, row: AddressRow) -> list[tuple[str, str]]:
    """A row may have more cells than there are columns; these have no name."""
    names = test.columns + [""] * (len(row.cells) - len(test.columns))
    return list(zip(names, row.cells, strict=False))


def coordinates(row: AddressRow) -> Coordinates | None:
    if row.x is None or row.y is None:
        return None
    [point] = to_wgs_84(shapely.points([(row.x, row.y)]))
    return Coordinates(row.x, row.y, point.x, point.y)
