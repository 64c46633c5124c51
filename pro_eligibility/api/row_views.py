"""The rows of a test: a page, one with its history, their number, their places."""

from typing import Any

import shapely
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pro_eligibility.api.base import TestAPI
from pro_eligibility.api.pages import Page
from pro_eligibility.api.parameters import (
    Box,
    CountOptions,
    MapOptions,
    PageOptions,
    asked,
    in_schema,
)
from pro_eligibility.api.row_serializers import (
    AssessmentSerializer,
    CountsSerializer,
    PlacesSerializer,
    RowHistorySerializer,
    RowPageSerializer,
    RowSerializer,
)
from pro_eligibility.api.serializers import counts_of
from pro_eligibility.exports.records import Record, records
from pro_eligibility.models import AddressRow, EligibilityTest
from pro_eligibility.recheck import in_metres
from pro_eligibility.row_filters import RowFilters, rows_of

FILTERS = in_schema(RowFilters({}).form)


class RowsView(TestAPI):
    @extend_schema(
        operation_id="eligibility_tests_rows",
        summary="List rows",
        parameters=[*FILTERS, *in_schema(PageOptions())],
        responses=RowPageSerializer,
    )
    def get(self, request: Request, pk: str) -> Response:
        """In the order of the file."""
        test = self.get_object()
        filters, options = of_rows(request, test), PageOptions(request.query_params)
        given = asked(request.query_params, filters.form, options)
        page = Page.of(rows_of(filters), given)
        shown = records(page.items, test.score_threshold)
        return Response(RowPageSerializer({"rows": shown, "pagination": page}).data)


class RowView(TestAPI):
    @extend_schema(
        operation_id="eligibility_tests_row",
        summary="Show a row",
        parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH)],
        responses=RowHistorySerializer,
    )
    def get(self, request: Request, pk: str, number: int) -> Response:
        """With all that was ever said of its place."""
        test = self.get_object()
        row = test.rows.with_results().filter(number=number).first()
        if row is None:
            raise Http404
        (record,) = records([row], test.score_threshold)
        history = AssessmentSerializer(row.place.history.order_by("-pk"), many=True)
        return Response(RowSerializer(record).data | {"history": history.data})


class CountsView(TestAPI):
    @extend_schema(
        operation_id="eligibility_tests_counts",
        summary="Count rows",
        parameters=in_schema(CountOptions()),
        responses=CountsSerializer,
    )
    def get(self, request: Request, pk: str) -> Response:
        """As if the threshold were the one that is given."""
        test = self.get_object()
        given = asked(request.query_params, CountOptions(request.query_params))["threshold"]
        threshold = test.score_threshold if given is None else given
        return Response(CountsSerializer(counts_of(test, threshold)).data)


class PointsView(TestAPI):
    @extend_schema(
        operation_id="eligibility_tests_points",
        summary="Show places",
        parameters=[*FILTERS, *in_schema(MapOptions())],
        responses=PlacesSerializer,
    )
    def get(self, request: Request, pk: str) -> Response:
        """Located rows in a part of the map, as GeoJSON; a duplicate is at the row it repeats."""
        test = self.get_object()
        filters, options = of_rows(request, test), MapOptions(request.query_params)
        given = asked(request.query_params, filters.form, options)
        rows = list(around(rows_of(filters), given["bbox"])[: given["limit"] + 1])
        shown = records(rows[: given["limit"]], test.score_threshold)
        return Response(
            {
                "type": "FeatureCollection",
                "features": [place(record) for record in shown if inside(record, given["bbox"])],
                "truncated": len(rows) > given["limit"],
            }
        )


def of_rows(request: Request, test: EligibilityTest) -> RowFilters:
    rows = test.rows.with_outcome(test.score_threshold).with_results()
    return RowFilters(request.query_params, rows)


def around(rows: QuerySet[AddressRow], box: Box) -> QuerySet[AddressRow]:
    """In the box, or a little beside it, since its edges are no straight lines in metres."""
    ((west,), (south,), (east,), (north,)) = in_metres([box])
    return rows.filter(state="located", x__gte=west, x__lte=east, y__gte=south, y__lte=north).defer(
        "cells"
    )


def inside(record: Record, box: Box) -> bool:
    west, south, east, north = box
    return shapely.box(west, south, east, north).covers(
        shapely.Point(record.longitude, record.latitude)
    )


def place(record: Record) -> dict[str, Any]:
    result = record.result
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [record.longitude, record.latitude]},
        "properties": {
            "number": record.row.number,
            "label": record.row.label,
            "outcome": record.outcome,
            "type": result.type if result else None,
            "eligible": result.eligible if result else None,
        },
    }
