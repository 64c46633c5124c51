"""The exports by name: each a response that is sent while it is made, or a file on the disk."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from pro_eligibility.exports.csv_file import csv_parts
from pro_eligibility.exports.geojson import geojson_parts
from pro_eligibility.exports.numbers import number_or_text
from pro_eligibility.exports.sheet import NUMBERS_AS_SUCH, whole_sheet
from pro_eligibility.exports.summary import summary_sheet
from pro_eligibility.exports.workbook import xlsx_file
from pro_eligibility.models import EligibilityTest

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
FRENCH = "fr"
# The last ones turn the direction of writing around, so that an extension looks like another one.
NOT_IN_FILENAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')

Export = Callable[[EligibilityTest], HttpResponseBase]
Part = TypeVar("Part")


def export_csv(test: EligibilityTest) -> HttpResponseBase:
    return streamed(csv_parts(whole_sheet(test)))


def export_xlsx(test: EligibilityTest) -> HttpResponseBase:
    if test.layout.format == "workbook":
        sheet = whole_sheet(test, cell=number_or_text, meaning=NUMBERS_AS_SUCH)
    else:
        sheet = whole_sheet(test)
    file = xlsx_file(test, sheet, results=_("Results"), meanings=_("Legend"))
    return FileResponse(file)


def export_geojson(test: EligibilityTest) -> HttpResponseBase:
    return streamed(geojson_parts(test))


def summary_csv(test: EligibilityTest) -> HttpResponseBase:
    return streamed(csv_parts(summary_sheet(test)))


def summary_xlsx(test: EligibilityTest) -> HttpResponseBase:
    """In French throughout, as its columns are."""
    sheet = summary_sheet(test)
    with translation.override(FRENCH):
        file = xlsx_file(test, sheet, results="Résultats", meanings="Légende")
    return FileResponse(file)


EXPORTS: dict[str, Export] = {
    "export.csv": export_csv,
    "export.xlsx": export_xlsx,
    "export.geojson": export_geojson,
    "summary.csv": summary_csv,
    "summary.xlsx": summary_xlsx,
}


def export(test: EligibilityTest, name: str) -> HttpResponseBase:
    """The response for one of EXPORTS. Raises NotRead or Purged."""
    response = EXPORTS[name](test)
    kind, extension = name.split(".")
    response["Content-Type"] = CONTENT_TYPES[extension]
    filename = f"{test.name} - {kind} {timezone.localdate():%Y-%m-%d}.{extension}"
    header = content_disposition_header(True, NOT_IN_FILENAMES.sub("-", filename))
    response["Content-Disposition"] = header or ""
    return response


def streamed(parts: Iterator[bytes]) -> StreamingHttpResponse:
    return StreamingHttpResponse(in_this_language(parts))


def in_this_language(parts: Iterator[Part]) -> Iterator[Part]:
    """What comes after the response has begun is in its language, too."""
    language = translation.get_language()
    return spoken(parts, language)


def spoken(parts: Iterator[Part], language: str) -> Iterator[Part]:
    while True:
        with translation.override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part
