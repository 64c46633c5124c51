"""The plans: what each sync did or would do, and what can be done about it."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from airtable_sync.admin import verbs
from airtable_sync.admin.counts import counts
from airtable_sync.admin.detail import detail
from airtable_sync.admin.filters import ConfirmationFilter, TableFilter
from airtable_sync.admin.links import plan_address, undoing_links
from airtable_sync.admin.moments import when_and_who
from airtable_sync.admin.offers import Verb
from airtable_sync.admin.states import is_abandoned, state_badges
from airtable_sync.admin.work import with_work
from airtable_sync.models import SyncPlan
from airtable_sync.payload import Direction
from airtable_sync.plans import interrupt_abandoned
from airtable_sync.tables import TABLES
from jobs.admin.read_only import ReadOnly


@admin.register(SyncPlan)
class SyncPlanAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = [
        "id",
        "table",
        "condition",
        "lines",
        "made",
        "applied",
        "undoing",
    ]
    list_filter = [
        TableFilter,
        "direction",
        "state",
        ("needs_confirmation", ConfirmationFilter),
    ]
    list_per_page = 50
    ordering = ["-id"]
    sortable_by = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["jobs/admin.css", "airtable_sync/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        plans: QuerySet[Any] = super().get_queryset(request)
        return with_work(plans).select_related("made_by", "applied_by")

    # -- the list ----------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        interrupt_abandoned()
        context = {
            "title": _("Syncs with Airtable"),
            "tables": TABLES.all(),
            "directions": list(Direction),
            "may_dry_run": verbs.may("add", request),
            "may_sync": verbs.may("apply", request),
            "not_configured": verbs.not_configured(),
            "is_nav_sidebar_enabled": False,  # the columns need the width
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=gettext_lazy("table"))
    def table(self, plan: SyncPlan) -> SafeString:
        return format_html(
            '{}<div class="job-quiet">{}</div>', plan.name, plan.get_direction_display()
        )

    @admin.display(description=gettext_lazy("state"))
    def condition(self, plan: Any) -> SafeString:
        return state_badges(plan)

    @admin.display(description=gettext_lazy("lines"))
    def lines(self, plan: Any) -> SafeString | str:
        return counts(plan)

    @admin.display(description=gettext_lazy("made"))
    def made(self, plan: SyncPlan) -> SafeString | str:
        return when_and_who(plan.made_at, plan.made_by)

    @admin.display(description=gettext_lazy("applied"))
    def applied(self, plan: SyncPlan) -> SafeString | str:
        return when_and_who(plan.applied_at, plan.applied_by)

    @admin.display(description=gettext_lazy("undoing"))
    def undoing(self, plan: Any) -> SafeString | str:
        return undoing_links(plan)

    # -- one plan ----------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        plan = self._plan(request, object_id)
        if is_abandoned(plan):
            interrupt_abandoned()
            plan.refresh_from_db(fields=["state", "applied_at"])
        context = {
            **self.admin_site.each_context(request),
            **detail(plan, request),
            "opts": self.opts,
            "media": self.media,
            "is_nav_sidebar_enabled": False,
        }
        return TemplateResponse(request, "admin/airtable_sync/syncplan/detail.html", context)

    def _plan(self, request: HttpRequest, object_id: str) -> SyncPlan:
        if not self.has_view_permission(request):
            raise PermissionDenied
        plan: SyncPlan | None = self.get_object(request, unquote(object_id))
        if plan is None:
            raise Http404
        return plan

    # -- what the buttons do -----------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def post(name: str, route: str, view: Any) -> Any:
            wrapped = self.admin_site.admin_view(require_POST(view))
            return path(route, wrapped, name=f"airtable_sync_syncplan_{name}")

        return [
            post("sync", "sync/<str:direction>/<str:name>/", self.sync_view),
            post("apply", "<path:object_id>/apply/", partial(self.verb_view, verb="apply")),
            post("undo", "<path:object_id>/undo/", partial(self.verb_view, verb="undo")),
            *super().get_urls(),
        ]

    def sync_view(self, request: HttpRequest, direction: str, name: str) -> HttpResponse:
        dry_run = "dry_run" in request.POST
        if not verbs.may("add" if dry_run else "apply", request):
            raise PermissionDenied
        if direction not in Direction or name not in TABLES:
            raise Http404
        verbs.sync(request, Direction(direction), name, dry_run=dry_run)
        return HttpResponseRedirect(reverse("admin:airtable_sync_syncplan_changelist"))

    def verb_view(self, request: HttpRequest, object_id: str, *, verb: Verb) -> HttpResponse:
        if not verbs.may(verb, request):
            raise PermissionDenied
        plan = self._plan(request, object_id)
        verbs.do(request, plan, verb)
        return HttpResponseRedirect(plan_address(plan.pk))
