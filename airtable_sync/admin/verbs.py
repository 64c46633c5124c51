"""A sync, the application of a plan and its undoing, as people ask for them."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from airtable_sync import undoing
from airtable_sync.admin.links import job_link
from airtable_sync.admin.offers import Verb
from airtable_sync.conf import conf
from airtable_sync.errors import AirtableSyncError, NotConfigured
from airtable_sync.models import SyncPlan
from airtable_sync.payload import Direction, SyncTable, enqueue_sync
from airtable_sync.plans import ALSO, check_waits
from airtable_sync.tables import TABLES
from jobs.models import Job


def may(verb: Verb | Literal["add"], request: HttpRequest) -> bool:
    return request.user.has_perm(f"airtable_sync.{verb}_syncplan")


def not_configured() -> str:
    """Why nothing can be asked for, and what to do about it; or nothing."""
    try:
        conf()
    except NotConfigured as error:
        return str(error)
    return ""


def sync(request: HttpRequest, direction: Direction, name: str, *, dry_run: bool) -> None:
    """Enqueue it, and say so."""
    data = SyncTable(name=name, dry_run=dry_run)
    if dry_run:
        said = _("Job {} was enqueued: a dry run of %(table)s %(direction)s.")
    else:
        said = _("Job {} was enqueued: a sync of %(table)s %(direction)s.")
    said %= {"table": name, "direction": direction.label}
    said += " " + _("Its plan appears here once the job has made it; reload this page to see it.")
    tell(request, said, partial(enqueue_sync, direction, data, by=user_of(request)))


def do(request: HttpRequest, plan: SyncPlan, verb: Verb) -> None:
    """Enqueue it if the person is sure, and say so."""
    if "sure" in request.POST:
        enqueue, said = VERBS[verb]
        tell(request, said, partial(noted, request, plan, verb, enqueue))
    else:
        messages.error(request, _("Nothing was done: tick the box that says that you are sure."))


def apply(request: HttpRequest, plan: SyncPlan) -> Job:
    plan = SyncPlan.objects.select_for_update().get(pk=plan.pk)
    check_waits(plan)
    also = [name for name in ALSO if name in request.POST.getlist("also")]
    data = SyncTable(name=plan.name, plan_id=plan.pk, also=also)
    return enqueue_sync(Direction(plan.direction), data, by=user_of(request))


def undo(request: HttpRequest, plan: SyncPlan) -> Job:
    return undoing.undo(plan, by=user_of(request))


VERBS: dict[Verb, tuple[Callable[[HttpRequest, SyncPlan], Job], str | Promise]] = {
    "apply": (apply, gettext_lazy("Job {} was enqueued: it applies this plan.")),
    "undo": (undo, gettext_lazy("Job {} was enqueued: it undoes this plan.")),
}


def noted(request: HttpRequest, plan: SyncPlan, verb: Verb, enqueue: Any) -> Job:
    """With an entry in the history of the plan, and the job on the page of what it works on."""
    TABLES[plan.name]  # or UnknownTable
    job: Job = enqueue(request, plan)
    SyncPlan.objects.filter(pk=job.data["plan_id"]).update(job_id=job.pk)
    message = f"Asked to {verb} it: job {job.pk}."
    LogEntry.objects.log_actions(user_of(request).pk, [plan], CHANGE, message, single_object=True)
    return job


def tell(request: HttpRequest, said: str | Promise, enqueue: Callable[[], Job]) -> None:
    """All of it or nothing, and say which."""
    try:
        with transaction.atomic():
            job = enqueue()
    except AirtableSyncError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, format_html(str(said), job_link(job.pk)))


def user_of(request: HttpRequest) -> Any:
    """Nobody else gets past the door of the admin."""
    return request.user
