"""The jobs: listed, looked at, retried and cancelled. Nothing else can be done to them here."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.admin import cells, verbs
from jobs.admin.change_list import CappedPaginator, JobChangeList, by_age, search, start_of_id
from jobs.admin.detail import detail
from jobs.admin.filters import (
    SYSTEM,
    AgeFilter,
    DayFilter,
    OwnerFilter,
    StatusFilter,
    TypeFilter,
)
from jobs.admin.read_only import ReadOnly
from jobs.duration import duration
from jobs.models import Job
from jobs.registry import job_types
from jobs.summary import Summary

# The parameters of the filters; the last is how other pages of the admin lead to a user's jobs.
LOOKUPS = {"status", "type", "age", "from", "until", "owner", "user__id__exact"}
MOST_AT_ONCE = 1_000  # jobs that one action takes


@admin.register(Job)
class JobAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["status_cell", "job_cell", "progress_cell", "duration_cell", "owner", "created"]
    list_display_links = ["job_cell"]
    list_filter = [StatusFilter, TypeFilter, AgeFilter, DayFilter, OwnerFilter]
    list_per_page = 50
    sortable_by = ["created"]
    ordering = ["-created_at", "-pk"]
    search_fields = ["id"]
    search_help_text = gettext_lazy("The id of a job, or how it begins")
    actions = ["retry_selected", "cancel_selected"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["jobs/admin.css"]}

    # -- the list ----------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[JobChangeList]:
        return JobChangeList

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Job], *args: Any, **kwargs: Any
    ) -> CappedPaginator:
        return CappedPaginator(self._in_order(request, queryset), *args, **kwargs)

    def _in_order(self, request: HttpRequest, queryset: QuerySet[Job]) -> Any:
        # What is searched for is found, and ordered, by its key.
        sought = start_of_id(request.GET.get(SEARCH_VAR, ""))
        return queryset if sought else by_age(queryset, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).select_related("user", "worker")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Job], search_term: str
    ) -> tuple[QuerySet[Job], bool]:
        return search(request, queryset, search_term), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """The filters and no other column: the rest would be read in full."""
        return lookup in LOOKUPS

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "title": _("Jobs"),
            "summary": Summary.read,  # called by the template, so not when an action is posted
            "is_nav_sidebar_enabled": False,  # the rows need the width
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=gettext_lazy("Status"))
    def status_cell(self, job: Any) -> SafeString:
        asked = _("asked to stop") if job.cancel_requested_at else ""
        return format_html(
            '{}<div class="job-quiet">{}</div>',
            cells.status_badge(job.status),
            job.error_kind or asked or job.worker or "",
        )

    @admin.display(description=gettext_lazy("Job"))
    def job_cell(self, job: Job) -> SafeString:
        return format_html(
            '{}<span class="job-quiet job-id">{}</span>', job_types.label(job.type), job.pk
        )

    @admin.display(description=gettext_lazy("Progress or error"))
    def progress_cell(self, job: Any) -> SafeString | str:
        if job.error_message:
            return format_html('<div class="job-why">{}</div>', job.error_message)
        return cells.progress_bar(job)

    @admin.display(description=gettext_lazy("Duration"))
    def duration_cell(self, job: Job) -> str:
        return duration(job)

    @admin.display(description=gettext_lazy("Owner"))
    def owner(self, job: Job) -> SafeString:
        name = job.user.get_username() if job.user else SYSTEM
        words = name if job.user else _("System")
        return format_html('<a href="?{}">{}</a>', urlencode({"owner": name}), words)

    @admin.display(description=gettext_lazy("Created"), ordering="created_at")
    def created(self, job: Job) -> str:
        return cells.moment(job.created_at)

    # -- one job -----------------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        job = self._job(request, object_id)
        if job is None:
            return self._no_such_job(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            **detail(job),
            "title": _("Job"),
            "subtitle": str(job),
            "opts": self.opts,
            "media": self.media,
            "can_retry": verbs.allowed("retry", job) and self.has_retry_permission(request),
            "can_cancel": verbs.allowed("cancel", job) and self.has_cancel_permission(request),
        }
        return TemplateResponse(request, "admin/jobs/job/detail.html", context)

    def get_urls(self) -> list[URLPattern]:
        def post(verb: verbs.Verb) -> URLPattern:
            view = self.admin_site.admin_view(partial(self.verb_view, verb=verb))
            return path(f"<path:object_id>/{verb}/", view, name=f"jobs_job_{verb}")

        return [post("retry"), post("cancel"), *super().get_urls()]

    def verb_view(self, request: HttpRequest, object_id: str, *, verb: verbs.Verb) -> HttpResponse:
        """What the buttons of the page do."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not verbs.may(verb, request):
            raise PermissionDenied
        job = self._job(request, object_id)
        if job is None:
            return self._no_such_job(request, object_id)
        verbs.do(verb, [job], request)
        return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[job.pk]))

    def _job(self, request: HttpRequest, object_id: str) -> Job | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.get_object(request, unquote(object_id))

    def _no_such_job(self, request: HttpRequest, object_id: str) -> HttpResponse:
        text = _("There is no job %(id)s; it may have been pruned.") % {"id": unquote(object_id)}
        messages.warning(request, text[:200])
        return HttpResponseRedirect(reverse("admin:jobs_job_changelist"))

    # -- a selection -------------------------------------------------------------------------------

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return verbs.may("retry", request)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return verbs.may("cancel", request)

    @admin.action(description=gettext_lazy("Retry the selected jobs"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._each(request, "retry", queryset)

    @admin.action(description=gettext_lazy("Cancel the selected jobs"), permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._each(request, "cancel", queryset)

    def _each(self, request: HttpRequest, verb: verbs.Verb, queryset: QuerySet[Job]) -> None:
        if request.POST.get("select_across") == "1":
            queryset = self._in_order(request, queryset)
        jobs = list(queryset[0 : MOST_AT_ONCE + 1])
        verbs.do(verb, jobs[:MOST_AT_ONCE], request)
        if len(jobs) > MOST_AT_ONCE:
            text = _("Only the first %(n)d were taken; do it again for the others.")
            messages.warning(request, text % {"n": MOST_AT_ONCE})

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Job], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        try:
            return super().response_action(request, queryset, *args, **kwargs)
        except ValidationError as error:
            # A selection that no page of ours sent: something in it is not an id.
            messages.error(request, " ".join(error.messages))
            return None
