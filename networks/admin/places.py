"""Communes, networks and perimeters, to look at: they come from files and from updates."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobs.admin.read_only import ReadOnly
from networks.models import (
    ColdNetwork,
    Commune,
    DevelopmentPerimeter,
    HeatNetwork,
    NetworkUnderConstruction,
)
from networks.models.energies import Power, Production
from networks.models.figures import Deliveries, Figures

PLACE = ["communes_insee", "communes", "departement", "region", "geometry_changed_at"]
BUILT = ["sncu", "further_information", "files"]

# A title, and what is under it.
Fieldset = tuple[Any, Any]


def identity(*fields: str) -> Fieldset:
    return _("Identity"), {"fields": ["id_fcu", "name", *fields, "has_trace", "length_m", *PLACE]}


def commercial(*fields: str) -> Fieldset:
    return _("Commercial"), {"fields": ["manager", "owner", "open_to_connections", *fields]}


def figures(*fields: str) -> Fieldset:
    return _("Figures"), {"fields": [*names(Figures), "moyenne_annee_dpe", *fields]}


def collapsed(title: Promise, *fields: str) -> Fieldset:
    return title, {"fields": fields, "classes": ["collapse"]}


def names(part: type[Model]) -> list[str]:
    """The fields of a part of a model."""
    return [field.name for field in part._meta.fields]


DELIVERIES = collapsed(_("Deliveries"), *names(Deliveries))


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
    fieldsets = [
        identity(*BUILT, "url", "has_pdp", "pdp_changed_at"),
        commercial(
            *["manager_website", "is_classified", "is_technical"],
            *["pm", "pm_l", "pm_t", "pv_percent", "pf_percent"],
        ),
        figures("dev_reseau_percent", "eau_chaude", "eau_surchauffee", "vapeur"),
        DELIVERIES,
        collapsed(_("Production"), *names(Production)),
        collapsed(_("Power"), *names(Power)),
    ]


@admin.register(ColdNetwork)
class ColdNetworkAdmin(PlacedAdmin):
    list_display = ["sncu", "name", "manager", "taux_enrr", "has_trace"]
    search_fields = ["sncu", "name", "manager"]
    fieldsets = [
        identity(*BUILT),
        commercial("manager_website", "is_classified"),
        figures(),
        DELIVERIES,
    ]


@admin.register(NetworkUnderConstruction)
class NetworkUnderConstructionAdmin(PlacedAdmin):
    list_display = ["id_fcu", "name", "manager", "commissioning", "open_to_connections"]
    list_filter = ["open_to_connections"]
    search_fields = ["id_fcu", "name", "manager"]
    fieldsets = [identity(), commercial("commissioning")]


@admin.register(DevelopmentPerimeter)
class DevelopmentPerimeterAdmin(PlacedAdmin):
    list_display = ["id_fcu", "name", "sncu"]
    search_fields = ["id_fcu", "name", "sncu"]
    fields = ["id_fcu", "name", "sncu", "heat_network_ids", "under_construction_ids", *PLACE]
