"""The page that draws every built source its visitor may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tiles.address import Bounds
from tiles.models import Tileset, TilesetPointer
from tiles.sources import TileSource, tile_sources


class Look(NamedTuple):
    """How a source is drawn. `dash` tells lines apart without colour; none is a solid line."""

    color: str
    dash: tuple[float, ...] = ()  # in widths of the line


# All readable on the background of map.css: at least 4.5 to 1.
LOOKS = (
    Look("#3f5f80", (4, 1.5)),
    Look("#b83a0b"),
    Look("#1a5fa8", (2, 1)),
    Look("#246b2c", (0.8, 0.8)),
    Look("#74389a", (5, 1, 1, 1)),
    Look("#7a5300", (3, 2)),
)


@dataclass(frozen=True)
class Layer:
    """A line of the legend, and what is drawn for it."""

    source: TileSource
    tileset: Tileset
    switched_at: datetime
    look: Look

    @property
    def address(self) -> str:
        return reverse("tilejson", args=[self.source.id])

    @property
    def count(self) -> str:
        return number_format(self.tileset.features, force_grouping=True)

    @property
    def svg_dash(self) -> str:
        return " ".join(f"{4 * length:g}" for length in self.look.dash)  # its lines are 4 wide

    def for_script(self) -> dict[str, Any]:
        return {
            "id": self.source.id,
            "label": self.source.label,
            "url": self.address,
            # As built: its name in the code may have changed since.
            "layer": self.tileset.vector_layers[0]["id"],
            "color": self.look.color,
            "dash": self.look.dash,
        }


@require_safe
def show_map(request: HttpRequest) -> HttpResponse:
    sources = visible_sources(request)
    layers = list(built_layers(sources))
    context = {
        "layers": layers,
        "sources": sources,
        "root": request.build_absolute_uri("/").rstrip("/"),
        "config": config(layers) if layers else None,
    }
    return render(request, "tiles/map.html", context)


def visible_sources(request: HttpRequest) -> list[TileSource]:
    public = [source for source in tile_sources if not source.private]
    private = [source for source in tile_sources if source.private]
    # Who asks is only looked up where it matters.
    if private and getattr(request.user, "is_staff", False):
        return sorted(public + private, key=lambda source: source.id)
    return public


def built_layers(sources: Iterable[TileSource]) -> Iterator[Layer]:
    # Counted over all sources, so that a source looks the same to everybody.
    looks = {source.id: LOOKS[n % len(LOOKS)] for n, source in enumerate(tile_sources)}
    pointers = TilesetPointer.objects.built().in_bulk([source.id for source in sources])
    for source in sources:
        pointer = pointers.get(source.id)
        if pointer and pointer.tileset and pointer.switched_at:
            yield Layer(source, pointer.tileset, pointer.switched_at, looks[source.id])


def config(layers: list[Layer]) -> dict[str, Any]:
    """What map.mjs is told."""
    return {
        "sources": [layer.for_script() for layer in layers],
        "bounds": around(Bounds(*layer.tileset.bounds) for layer in layers),
        "texts": {
            "noProperties": _("It has no properties."),
            "nothingHere": _("Nothing is drawn here."),
            "notLoaded": _("Some tiles could not be loaded. Move the map to try again."),
            "notDrawn": _("The map cannot be drawn. It needs a browser with WebGL 2."),
        },
        "locale": controls(),
    }


def controls() -> dict[str, str]:
    """What MapLibre calls its own parts, by its names for them."""
    return {
        "Map.Title": _("Map. Arrow keys move it, plus and minus zoom, Enter reads the centre."),
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "Popup.Close": _("Close"),
    }


def around(boxes: Iterable[Bounds]) -> Bounds:
    """The smallest box that holds them all."""
    west, south, east, north = zip(*boxes, strict=True)
    return Bounds(min(west), min(south), max(east), max(north))
