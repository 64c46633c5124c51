"""The rows of a test: a page, one with its history, their number."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pro_eligibility.api.base import TestAPI
from pro_eligibility.api.pages import Page
from pro_eligibility.api.parameters import (
    CountOptions,
    PageOptions,
    asked,
    in_schema,
)
from pro_eligibility.api.row_serializers import (
    AssessmentSerializer,
    CountsSerializer,
    RowHistorySerializer,
    RowPageSerializer,
    RowSerializer,
)
from pro_eligibility.api.serializers import counts_of
from pro_eligibility.exports.records import records
from pro_eligibility.models import EligibilityTest
from pro_eligibility.row_filters import RowFilters, rows_of

FILTERS = in_schema(RowFilters({}).form)


class RowsView(TestAPI):
    def takes_parameters(self) -> bool:
        return True

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
    def takes_parameters(self) -> bool:
        return True

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


def of_rows(request: Request, test: EligibilityTest) -> RowFilters:
    rows = test.rows.with_outcome(test.score_threshold).with_results()
    return RowFilters(request.query_params, rows)
