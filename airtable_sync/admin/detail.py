"""What the page of one plan shows."""

from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from airtable_sync.admin import verbs
from airtable_sync.admin.diff import Asked, Diff
from airtable_sync.admin.links import job_link, undoing_links
from airtable_sync.admin.moments import when_and_who
from airtable_sync.admin.offers import Offer, offer
from airtable_sync.admin.states import state_badges, waits_for_confirmation
from airtable_sync.admin.work import work_on
from airtable_sync.conf import conf, is_configured
from airtable_sync.models import SyncPlan
from airtable_sync.tables import TABLES
from jobs.admin.cells import Progress, status_badge
from jobs.models import Job


def detail(plan: Any, request: HttpRequest) -> dict[str, Any]:
    """The context of the page: three queries, besides that of the plan itself."""
    diff = Diff(plan, Asked.of(request.GET))
    table = TABLES[plan.name].title if plan.name in TABLES else plan.name
    job = Job.objects.filter(pk=plan.job_id).only("status", "progress", "error").first()
    return {
        "plan": plan,
        "title": title(plan, table),
        "table": table,
        "badges": state_badges(plan),
        "fuse": fuse(plan, diff),
        "work": work_on(plan),
        "made": when_and_who(plan.made_at, plan.made_by),
        "applied": when_and_who(plan.applied_at, plan.applied_by),
        "undoing": undoing_links(plan),
        "job": job
        and {"badge": status_badge(job.status), "link": job_link(job.pk), "error": job.error},
        "progress": Progress.of(job) if job and plan.is_at_work else None,
        "offer": offered(plan, diff, request),
        "not_configured": verbs.not_configured(),
        "diff": diff,
    }


def title(plan: SyncPlan, table: str) -> str:
    names = {"plan": plan.pk, "table": table, "direction": plan.get_direction_display()}
    if plan.undoes_id is None:
        return _("Plan %(plan)s: %(table)s %(direction)s") % names
    said = _("Plan %(plan)s, which undoes plan %(undone)s: %(table)s %(direction)s")
    return said % {**names, "undone": plan.undoes_id}


def offered(plan: SyncPlan, diff: Diff, request: HttpRequest) -> Offer | None:
    """What its state and the rights of the person allow."""
    found = offer(plan, diff.tallies)
    return found if found and verbs.may(found.verb, request) else None


def fuse(plan: SyncPlan, diff: Diff) -> str:
    """Why it waits for somebody, if it does."""
    if not waits_for_confirmation(plan) or not is_configured():
        return ""
    concerned = sum(tally.concerned for tally in diff.tallies.values())
    return _(
        "%(concerned)d of %(rows)d rows would change or have lost their counterpart: %(share)s %%. "
        "A person has to confirm more than %(percent)s %% (AIRTABLE_FUSE_PERCENT)."
    ) % {
        "concerned": concerned,
        "rows": plan.rows,
        "share": floatformat(100 * concerned / max(plan.rows, 1)),
        "percent": floatformat(conf().fuse_percent),
    }
