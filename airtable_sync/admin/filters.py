"""By what the list of plans is filtered."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from airtable_sync.tables import TABLES


class TableFilter(admin.SimpleListFilter):
    title = _("table")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(table.name, table.title) for table in TABLES.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(name=self.value()) if self.value() else queryset


class ConfirmationFilter(admin.BooleanFieldListFilter):
    """Under a title that can follow “By”."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("need of a confirmation")
