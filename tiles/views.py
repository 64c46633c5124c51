"""The tiles, for the maps that show them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission, IsAdminUser
from rest_framework.request import Request
from rest_framework.views import APIView

from tiles.address import DEEPEST, Bounds, NotAnAddress, TileAddress
from tiles.errors import UnknownSource
from tiles.models import PointerQuerySet, Tileset, TilesetPointer
from tiles.serving import tile_response, tilejson_response
from tiles.sources import TileSource, tile_sources


class OneMediaType(BaseContentNegotiation):
    """Tiles come in one form, whatever the client would prefer."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> Any:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class OfSource(APIView):
    """What is served of a source: to everybody, or to administrators if it is private."""

    http_method_names = ["get", "head"]
    content_negotiation_class = OneMediaType

    @property
    def is_private(self) -> bool:
        source = self.kwargs.get("source")
        return source in tile_sources and tile_sources[source].private

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Nobody is asked for who they are, and no session is read, where it does not matter.
        return super().get_authenticators() if self.is_private else []

    def get_permissions(self) -> Sequence[BasePermission]:
        return [IsAdminUser()] if self.is_private else []

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if not self.is_private:
            # On errors too, or a map on another site could not tell what they are.
            final["Access-Control-Allow-Origin"] = "*"
        return final


@extend_schema(exclude=True)
class TileJSONView(OfSource):
    def get(self, request: Request, source: str) -> HttpResponseBase:
        described = known(source)
        pointer, tileset = served(described, TilesetPointer.objects.built())
        return tilejson_response(request._request, described, pointer, tileset)


@extend_schema(exclude=True)
class TileView(OfSource):
    def get(self, request: Request, source: str, z: str, x: str, y: str) -> HttpResponseBase:
        described, address = known(source), parsed(z, x, y)
        pointers = TilesetPointer.objects.built().with_tile(address)
        pointer, tileset = served(described, pointers)
        data = bytes(pointer.data) if pointer.data is not None else None
        # A tile beside the bounds may exist: shapes are drawn a little beyond their tile.
        if data is None:
            check(address, tileset)
        return tile_response(request._request, described, pointer, data)


def known(source: str) -> TileSource:
    try:
        return tile_sources[source]
    except UnknownSource as error:
        raise NotFound(str(error)) from None


def parsed(z: str, x: str, y: str) -> TileAddress:
    try:
        address = TileAddress.parse(z, x, y)
    except NotAnAddress as error:
        raise ParseError(str(error)) from None
    if not address.exists():
        raise NotFound(
            f"Tile {address} is outside the world: zooms go from 0 to {DEEPEST}, "
            "x and y from 0 to 2 to the power of the zoom, less 1."
        )
    return address


def served(source: TileSource, pointers: PointerQuerySet) -> tuple[Any, Tileset]:
    pointer = pointers.filter(pk=source.id).first()
    if pointer is None or pointer.tileset is None:
        raise NotFound(
            f"The tiles of {source.id} have not been built yet; an administrator can "
            f"POST /api/tiles/{source.id}/build/."
        )
    return pointer, pointer.tileset


def check(address: TileAddress, tileset: Tileset) -> None:
    """Raise NotFound, unless there could have been a tile."""
    if not tileset.min_zoom <= address.z <= tileset.max_zoom:
        raise NotFound(
            f"Tile {address} is outside the zooms of {tileset.source}: "
            f"{tileset.min_zoom} to {tileset.max_zoom}."
        )
    if not address.touches(Bounds(*tileset.bounds)):
        bounds = ", ".join(map(str, tileset.bounds))
        raise NotFound(f"Tile {address} is outside the bounds of {tileset.source}: {bounds}.")
