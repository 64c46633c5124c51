"""The files of a test, and what each is for."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from pro_eligibility.models import EligibilityTest


class Export(NamedTuple):
    address: str
    label: str
    use: str


def exports_of(test: EligibilityTest) -> list[Export]:
    def export(name: str, label: str, use: str) -> Export:
        return Export(reverse(f"eligibility-test-{name}", args=[test.pk]), label, use)

    return [
        export(
            "xlsx",
            _("Workbook (XLSX)"),
            _("your columns and ours, to filter and sort in a spreadsheet"),
        ),
        export(
            "csv",
            _("Text (CSV)"),
            _("the same, for other programs; opens in a French Excel"),
        ),
        export(
            "geojson",
            _("Map (GeoJSON)"),
            _("the places that were found, for a geographic information system"),
        ),
        export(
            "summary",
            _("Summary (XLSX)"),
            _("eleven columns with a legend, to hand on"),
        ),
    ]
