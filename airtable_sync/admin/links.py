"""Links from one plan to others, and to its job."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from airtable_sync.models import SyncPlan
from jobs.admin.cells import NOTHING


def job_link(job_id: object) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:jobs_job_change", args=[job_id]), job_id
    )


def undoing_links(plan: Any) -> SafeString | str:
    """What it undoes, or what undoes it or is to."""
    if plan.undoes_id:
        return plan_link(plan.undoes_id, _("undoes %(plan)d") % {"plan": plan.undoes_id})
    if not plan.undoing_id:
        return NOTHING
    is_undone = plan.state == SyncPlan.State.UNDONE
    text = _("undone by %(plan)d") if is_undone else _("to be undone by %(plan)d")
    return plan_link(plan.undoing_id, text % {"plan": plan.undoing_id})


def plan_link(plan_id: int, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', plan_address(plan_id), text)


def plan_address(plan_id: int) -> str:
    return reverse("admin:airtable_sync_syncplan_change", args=[plan_id])
