"""The map of a test's places: what its script is told."""

from collections.abc import Iterable
from typing import Any

import shapely
from django.db.models import Max, Min
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from networks.geometry import to_wgs_84
from pro_eligibility.eligibility.verdict import EligibilityType
from pro_eligibility.models import EligibilityTest, Outcome
from pro_eligibility.models.eligibility_test import TILES
from pro_eligibility.pages.results_counts import GROUPS
from tiles.map import Layer, built_layers, controls, visible_sources

Box = tuple[float, float, float, float]  # west, south, east, north
AROUND_ONE_PLACE = 200  # metres


def layers_below(request: HttpRequest) -> list[Layer]:
    """The tiles that the points lie on: the visitor's, without those of all tested addresses."""
    sources = [source for source in visible_sources(request) if source.id != TILES]
    return list(built_layers(sources))


def bounds_of(test: EligibilityTest) -> Box | None:
    """In degrees, around all places; None if there is none."""
    ends = test.rows.located().aggregate(Min("x"), Min("y"), Max("x"), Max("y"))
    if ends["x__min"] is None:
        return None
    box = shapely.box(ends["x__min"], ends["y__min"], ends["x__max"], ends["y__max"])
    grown = shapely.envelope(shapely.buffer(box, AROUND_ONE_PLACE))
    west, south, east, north = shapely.bounds(to_wgs_84(grown)).tolist()
    return west, south, east, north


def map_config(
    test: EligibilityTest, bounds: Box, layers: list[Layer], filters: QueryDict
) -> dict[str, Any]:
    points = reverse("eligibility-test-points", args=[test.pk])
    return {
        "points": f"{points}?{filters.urlencode()}",
        "row": reverse("eligibility-row", args=[test.pk, 0]).removesuffix("0/"),
        "sources": [layer.for_script() for layer in layers],
        "bounds": bounds,
        "groups": {group.id: group.types for group in GROUPS},
        "types": named(EligibilityType.choices),
        "outcomes": named(Outcome.choices),
        "texts": texts(),
        "locale": controls(),
    }


def named(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {value: capfirst(str(label)) for value, label in choices}


def texts() -> dict[str, str]:
    """`{…}` is put in by the script."""
    return {
        "row": _("Row {number}"),
        "more": _("And {count} more: zoom in to tell them apart."),
        "nothingHere": _("There is no address here."),
        "nothingInSight": _(
            "None of the addresses that the filters choose is in this part of the map."
        ),
        "truncated": _(
            "There are more addresses here than can be drawn at once: zoom in to see all."
        ),
        "notLoaded": _("A part of the map could not be loaded. Move the map to try again."),
        "notDrawn": _("The map cannot be drawn. It needs a browser with WebGL 2."),
    }
