"""Communes, networks and perimeters, to look at: they come from files and from updates."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jobs.admin.read_only import ReadOnly
from networks.models import (
    ColdNetwork,
    Commune,
    DevelopmentPerimeter,
    HeatNetwork,
    NetworkUnderConstruction,
)

PLACE = ["communes_insee", "communes", "departement", "region", "geometry_changed_at"]


class GeometryAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Pages that stay quick: geometries are large, and not read."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("geometry")


class PlacedAdmin(GeometryAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        trace = ExpressionWrapper(Q(geometry__isnull=False), BooleanField())
        rows: QuerySet[Any] = super().get_queryset(request).annotate(trace=trace)
        return rows

    @admin.display(boolean=True, ordering="trace", description=_("trace"))
    def has_trace(self, placed: Any) -> bool:
        return bool(placed.trace)


@admin.register(Commune)
class CommuneAdmin(GeometryAdmin):
    list_display = ["insee", "name"]
    search_fields = ["insee", "name"]
    fields = ["insee", "name"]


@admin.register(HeatNetwork)
class HeatNetworkAdmin(PlacedAdmin):
    list_display = ["sncu", "name", "manager", "taux_enrr", "has_pdp", "has_trace"]
    list_filter = ["open_to_connections", "has_pdp"]
    search_fields = ["sncu", "name", "manager"]
    fields = [
        *["id_fcu", "sncu", "name", "manager", "open_to_connections", "taux_enrr"],
        *["contenu_co2_acv", "url", "has_pdp", "pdp_changed_at", "has_trace", "length_m", *PLACE],
    ]


@admin.register(ColdNetwork)
class ColdNetworkAdmin(PlacedAdmin):
    list_display = ["sncu", "name", "manager", "taux_enrr", "has_trace"]
    search_fields = ["sncu", "name", "manager"]
    fields = [
        *["id_fcu", "sncu", "name", "manager", "open_to_connections", "taux_enrr"],
        *["contenu_co2_acv", "has_trace", "length_m", *PLACE],
    ]


@admin.register(NetworkUnderConstruction)
class NetworkUnderConstructionAdmin(PlacedAdmin):
    list_display = ["id_fcu", "name", "manager", "commissioning", "open_to_connections"]
    list_filter = ["open_to_connections"]
    search_fields = ["id_fcu", "name", "manager"]
    fields = [
        *["id_fcu", "name", "manager", "commissioning", "open_to_connections", "length_m"],
        *PLACE,
    ]


@admin.register(DevelopmentPerimeter)
class DevelopmentPerimeterAdmin(PlacedAdmin):
    list_display = ["id_fcu", "name", "sncu"]
    search_fields = ["id_fcu", "name", "sncu"]
    fields = ["id_fcu", "name", "sncu", "heat_network_ids", "under_construction_ids", *PLACE]
