"""The places of a test's rows, for a map."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from pro_eligibility.api.base import TestAPI
from pro_eligibility.api.parameters import FRANCE, Box, MapOptions, asked, in_schema
from pro_eligibility.api.row_serializers import PlacesSerializer
from pro_eligibility.api.row_views import FILTERS, of_rows
from pro_eligibility.exports.records import Record, records
from pro_eligibility.models import AddressRow
from pro_eligibility.recheck import in_metres
from pro_eligibility.row_filters import rows_of

EDGE = 0.001  # degrees


class PointsView(TestAPI):
    def takes_parameters(self) -> bool:
        return True

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


def around(rows: QuerySet[AddressRow], box: Box) -> QuerySet[AddressRow]:
    """In the box, or a little beside it, since its edges are no straight lines in metres."""
    ((west,), (south,), (east,), (north,)) = in_metres([clamped(box)])
    return rows.filter(state="located", x__gte=west, x__lte=east, y__gte=south, y__lte=north).defer(
        "cells"
    )


def clamped(box: Box) -> Box:
    """With some area, and no farther than Lambert-93 goes."""
    west, south, east, north = FRANCE
    return (
        min(max(box[0], west), east) - EDGE,
        min(max(box[1], south), north) - EDGE,
        min(max(box[2], west), east) + EDGE,
        min(max(box[3], south), north) + EDGE,
    )


def inside(record: Record, box: Box) -> bool:
    west, south, east, north = box
    longitude, latitude = record.longitude, record.latitude
    assert longitude is not None  # it is located
    assert latitude is not None
    return west <= longitude <= east and south <= latitude <= north


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
