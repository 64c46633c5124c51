"""How tiles are sent: as stored, with all that a cache needs to know."""

import gzip
import hashlib
import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from tiles.models import Tileset, TilesetPointer
from tiles.sources import TileSource

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
MAX_AGE = {"short": 7_200, "long": 86_400}  # seconds


def tile_response(
    request: HttpRequest, source: TileSource, pointer: TilesetPointer, data: bytes | None
) -> HttpResponseBase:
    """The tile; 304 if the client has it; 204 if the map is empty there."""
    if data is None:
        response = HttpResponse(status=204)
        del response["Content-Type"]
        return cacheable(response, source, pointer)
    response = HttpResponse(data, content_type=MEDIA_TYPE)
    patch_vary_headers(response, ["Accept-Encoding"])
    if accepts_gzip(request.headers.get("Accept-Encoding")):
        response["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(data)
    return unless_known(request, cacheable(response, source, pointer))


def tilejson_response(
    request: HttpRequest, source: TileSource, pointer: TilesetPointer, tileset: Tileset
) -> HttpResponseBase:
    """What the served tiles are and where; 304 if the client knows."""
    template = reverse("tile", args=[source.id, "{z}", "{x}", "{y}"])
    # Quoted braces would be no template.
    content = tilejson(source, tileset, unquote(request.build_absolute_uri(template)))
    return unless_known(request, cacheable(JsonResponse(content), source, pointer))


def tilejson(source: TileSource, tileset: Tileset, template: str) -> dict[str, Any]:
    """TileJSON 3.0.0."""
    west, south, east, north = tileset.bounds
    return {
        "tilejson": "3.0.0",
        "name": source.label,
        "version": f"{tileset.version}.0.0",
        "attribution": source.attribution,
        "scheme": "xyz",
        "tiles": [template],
        "minzoom": tileset.min_zoom,
        "maxzoom": tileset.max_zoom,
        "bounds": tileset.bounds,
        "center": [(west + east) / 2, (south + north) / 2, tileset.min_zoom],
        "vector_layers": tileset.vector_layers,
    }


def cacheable(response: HttpResponse, source: TileSource, pointer: TilesetPointer) -> HttpResponse:
    # What is private is asked for again each time, so that it ends with the session.
    seconds = MAX_AGE[source.cache]
    kept = "private, no-cache" if source.private else f"public, max-age={seconds}"
    response["Cache-Control"] = kept
    assert isinstance(pointer.switched_at, datetime)
    # When they began to be served: tiles that are put back are older, but new to the client.
    response["Last-Modified"] = http_date(pointer.switched_at.timestamp())
    return response


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response, or 304 to a client that has the same content.

    Dates are not compared: two versions may be served within one second.
    """
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    known = get_conditional_response(request, etag=etag, response=response)
    assert known is not None
    return known


def accepts_gzip(header: str | None) -> bool:
    """Whether a client takes gzip: by RFC 9110 also one that says nothing about it."""
    if header is None:
        return True
    weights = dict(map(coding, header.lower().split(",")))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0))) > 0


def coding(text: str) -> tuple[str, float]:
    name, _, parameters = text.partition(";")
    weight = re.search(r"q=([01](?:\.[0-9]{1,3})?)", parameters)
    return name.strip(), float(weight[1]) if weight else 1
