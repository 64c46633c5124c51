"""Whether a job is at work on a plan, or on another that undoes it."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from airtable_sync.admin.links import plan_link
from airtable_sync.models import SyncPlan
from jobs.models import Job

AT_WORK = Job.objects.under_way()


def with_work(plans: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the latest plan that undoes it or was to, and with what a job is at work on."""
    undoing = SyncPlan.objects.filter(undoes=OuterRef("pk")).order_by("-pk").values("pk")
    at_work = undoing.filter(job_id__in=AT_WORK.values("pk"))
    annotated: QuerySet[Any] = plans.annotate(
        undoing_id=Subquery(undoing[:1]),
        is_at_work=Exists(AT_WORK.filter(pk=OuterRef("job_id"))),
        being_undone_by=Subquery(at_work[:1]),
    )
    return annotated


def work_on(plan: Any) -> SafeString | str:
    """What is to be said about it, if anything."""
    if plan.is_at_work:
        return _("A job is at work on this plan. Reload this page to see how far it is.")
    if plan.being_undone_by:
        link = plan_link(plan.being_undone_by, _("plan %(plan)d") % {"plan": plan.being_undone_by})
        return format_html(_("A job is undoing this plan: {} shows how far it is."), link)
    return ""
