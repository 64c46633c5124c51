"""The tilesets: what is served, and what can be put back."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat

from jobs.admin.read_only import ReadOnly
from tiles.models import Tileset

COLUMNS: list[Any] = ["source", "version", "is_served", "features", "tiles", "size", "built_at"]


@admin.register(Tileset)
class TilesetAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = COLUMNS
    list_display_links = ["version"]
    list_select_related = ["pointer"]
    list_filter = ["source"]
    ordering = ["source", "-version"]
    fields = [*COLUMNS, "min_zoom", "max_zoom", "bounds", "vector_layers"]
    actions = ["put_back"]

    def has_restore_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tiles.restore_tileset")

    @admin.display(boolean=True, description="served")
    def is_served(self, tileset: Tileset) -> bool:
        return tileset.is_served

    @admin.display(ordering="bytes")
    def size(self, tileset: Tileset) -> str:
        return filesizeformat(tileset.bytes)

    @admin.action(description="Serve the selected tilesets again", permissions=["restore"])
    def put_back(self, request: HttpRequest, tilesets: QuerySet[Tileset]) -> None:
        for tileset in tilesets.select_related("pointer").order_by("source", "version"):
            if tileset.is_served:
                self.message_user(request, f"{tileset} is served already.", messages.WARNING)
                continue
            with transaction.atomic():
                tileset.restore()
                self.note(request, tileset)
            self.message_user(request, f"{tileset} is served again.", messages.SUCCESS)

    def note(self, request: HttpRequest, tileset: Tileset) -> None:
        user: Any = request.user
        LogEntry.objects.log_actions(user.pk, [tileset], CHANGE, "Put back.", single_object=True)
