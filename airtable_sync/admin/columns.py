"""What the list of plans shows of each, and how it is filtered."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from airtable_sync.admin.links import plan_address
from airtable_sync.admin.meanings import MEANINGS
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.tables import TABLES
from jobs.admin.cells import NOTHING, moment

Action = PlannedChange.Action
# Those about which somebody has to do something.
CALLS_FOR_SOMEBODY = {Action.CONFLICT, Action.PROBLEM}


class TableFilter(admin.SimpleListFilter):
    title = gettext_lazy("table")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(table.name, table.title) for table in TABLES.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(name=self.value()) if self.value() else queryset


def counts(plan: SyncPlan) -> SafeString | str:
    """How many lines there are of each action, with a link to them; the most important first."""
    address = plan_address(plan.pk)
    found = [
        ("call" if action in CALLS_FOR_SOMEBODY else "count", address, action, means.title, lines)
        for action, means in MEANINGS.items()
        if (lines := plan.counts.get(action))
    ]
    if not found:
        return _("no difference")
    link = '<a class="sync-{}" href="{}?action={}">{} {}</a>'
    return format_html_join(" · ", link, found)


def when_and_who(at: Any, user: Any) -> SafeString | str:
    if at is None:
        return NOTHING
    return format_html('{}<div class="job-quiet">{}</div>', moment(at), user or _("System"))
