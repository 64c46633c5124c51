"""The files that a test is exported to."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request

from jobs.api.problems import CONFLICT
from pro_eligibility.api.base import TestAPI
from pro_eligibility.exports.files import CONTENT_TYPES, export
from tiles.views import OneMediaType


class ExportView(TestAPI):
    """`file` is one of exports.files.EXPORTS."""

    content_negotiation_class = OneMediaType
    http_method_names = ["get", "head"]
    file = ""

    def get(self, request: Request, pk: str) -> HttpResponseBase:
        """All rows in the order of the file, with what is known of them so far.

        `export`: the columns of the file as they were, then ours; `summary`: eleven columns in
        French. In a CSV, a cell that a spreadsheet would take for a formula begins with an
        apostrophe; in an XLSX, a cell that is longer than Excel takes is cut, and the numbers of
        an uploaded workbook are numbers. All other cells of the file are as they were.
        """
        return export(self.get_object(), self.file)


def export_view(file: str) -> Any:
    """With its own name and media type in the schema."""
    kind, extension = file.split(".")
    content = OpenApiTypes.OBJECT if extension == "geojson" else OpenApiTypes.BINARY
    described = extend_schema(
        operation_id=f"eligibility_tests_{kind}_{extension}",
        summary=f"Export a test: {file}",
        responses={(200, CONTENT_TYPES[extension]): content} | CONFLICT,
    )

    class OneExportView(ExportView):
        pass

    return extend_schema_view(get=described)(OneExportView).as_view(file=file)
