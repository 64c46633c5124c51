"""The geometry updates: ask for one, withdraw it, apply all that wait."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jobs.admin.read_only import ReadOnly
from networks.admin.form import GeometryUpdateForm
from networks.errors import NetworksError
from networks.models import GeometryUpdate
from networks.requests import store, withdraw_update
from networks.updates import Applied, apply_updates

GEOMETRIES = ["geometry", "former_geometry"]


@admin.register(GeometryUpdate)
class GeometryUpdateAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    form = GeometryUpdateForm
    show_full_result_count = False
    list_display = ["id", "kind", "action", "target", "requested_by", "requested_at", "applied_at"]
    list_select_related = ["requested_by"]
    list_filter = ["kind", "action", ("applied_at", admin.EmptyFieldListFilter)]
    ordering = ["-id"]
    actions = ["withdraw"]

    def get_urls(self) -> list[URLPattern]:
        apply = self.admin_site.admin_view(require_POST(self.apply))
        return [path("apply/", apply, name="networks_geometryupdate_apply"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        updates: QuerySet[Any] = super().get_queryset(request)
        return updates.defer(*GEOMETRIES)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [*GeometryUpdateForm.Meta.fields, "geometry_file", "geometry_text"]
        return [*self.list_display, "attributes"]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("networks.add_geometryupdate")

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("networks.delete_geometryupdate")

    def has_apply_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("networks.apply_geometryupdate")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {**(extra_context or {}), "may_apply": self.has_apply_permission(request)}
        return super().changelist_view(request, context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.requested_by = request.user
        # It may take the place of one that waits, whose history it then goes on with.
        obj.pk = store(obj).pk

    @admin.action(
        description=gettext_lazy("Withdraw the selected updates"), permissions=["withdraw"]
    )
    def withdraw(self, request: HttpRequest, updates: QuerySet[Any]) -> None:
        for update in updates:
            self._do(request, partial(self._withdraw, request, update))

    def apply(self, request: HttpRequest) -> HttpResponse:
        if not self.has_apply_permission(request):
            raise PermissionDenied
        self._do(request, partial(self._apply, request))
        return HttpResponseRedirect(reverse("admin:networks_geometryupdate_changelist"))

    def _do(self, request: HttpRequest, act: Callable[[], str]) -> None:
        """All of it or nothing, and say which."""
        try:
            with transaction.atomic():
                said = act()
        except NetworksError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, said, messages.SUCCESS)

    def _withdraw(self, request: HttpRequest, update: Any) -> str:
        note(request, [update], DELETION, "Withdrawn.")
        withdraw_update(update)
        return _("%(update)s was withdrawn.") % {"update": update}

    def _apply(self, request: HttpRequest) -> str:
        user: Any = request.user
        done = apply_updates(by=user)
        note(request, done.updates, CHANGE, "Applied.")
        return outcome(done)


def note(request: HttpRequest, updates: list[Any], flag: int, message: str) -> None:
    user: Any = request.user
    LogEntry.objects.log_actions(user.pk, updates, flag, message)


def outcome(done: Applied) -> str:
    if not done.updates:
        return _("No update waits.")
    return _(
        "%(created)d created, %(updated)d updated, %(deleted)d deleted; %(jobs)d jobs follow."
    ) % {
        "created": done.created,
        "updated": done.updated,
        "deleted": done.deleted,
        "jobs": len(done.jobs),
    }
