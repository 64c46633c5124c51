"""Communes and heat networks, to look at: they come from files, not from a form."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest

from jobs.admin.read_only import ReadOnly
from networks.models import Commune, HeatNetwork


class GeometryAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Pages that stay quick: geometries are large, and not read."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("geometry")


@admin.register(Commune)
class CommuneAdmin(GeometryAdmin):
    list_display = ["insee", "name"]
    search_fields = ["insee", "name"]
    fields = ["insee", "name"]


@admin.register(HeatNetwork)
class HeatNetworkAdmin(GeometryAdmin):
    list_display = ["sncu", "name", "manager", "taux_enrr", "has_trace"]
    search_fields = ["sncu", "name", "manager"]
    fields = ["id_fcu", "sncu", "name", "manager", "taux_enrr", "url", "has_trace"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        trace = ExpressionWrapper(Q(geometry__isnull=False), BooleanField())
        networks: QuerySet[Any] = super().get_queryset(request).annotate(trace=trace)
        return networks

    @admin.display(boolean=True, ordering="trace", description="trace")
    def has_trace(self, network: Any) -> bool:
        return bool(network.trace)
