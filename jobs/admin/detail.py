"""What the page of one job shows."""

import json
from typing import Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.admin.cells import Progress, status_badge
from jobs.duration import duration, humanised
from jobs.models import Job
from jobs.models.schema import MOST_CRASHES
from jobs.registry import job_types

LONGEST_SHOWN = 200_000  # characters of JSON; the API has the whole
MOST_CHILDREN, MOST_ENTRIES = 10, 50

KINDS: dict[str, str | Promise] = {
    "exception": gettext_lazy("The handler raised an exception."),
    "timeout": gettext_lazy("It overran its time and was stopped."),
    "crashed": gettext_lazy("Its process or its worker died too often."),
    "cancelled": gettext_lazy("A person cancelled it."),
    "superseded": gettext_lazy("Another job with its unique key was waiting already."),
    "invalid_payload": gettext_lazy("Its data does not fit what its type takes."),
    "unknown_type": gettext_lazy("No installed app handles its type."),
    "blocked": gettext_lazy("It waited for a job that ended in error."),
}


class Trouble(NamedTuple):
    """How an attempt ended, for the page."""

    kind: str
    meaning: str | Promise
    message: str
    traceback: str
    log: str
    attempt: Any
    at: Any

    @classmethod
    def of(cls, failure: dict[str, Any]) -> "Trouble":
        kind = str(failure.get("kind", ""))
        return cls(
            kind,
            KINDS.get(kind, ""),
            str(failure.get("message") or ""),
            str(failure.get("traceback") or ""),
            "\n".join(map(str, failure.get("log") or [])),
            failure.get("attempt", ""),
            parse_datetime(str(failure.get("at", ""))),
        )


class Document(NamedTuple):
    """JSON, laid out to be read."""

    title: str
    text: str
    cut: bool

    @classmethod
    def of(cls, title: str, value: Any) -> "Document":
        text = "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
        return cls(title, text[:LONGEST_SHOWN], len(text) > LONGEST_SHOWN)


def detail(job: Job) -> dict[str, Any]:
    """The context of the page: the job in three queries at most, besides its own."""
    return {
        "job": job,
        "badge": status_badge(job.status),
        "label": job_types.label(job.type),
        "retired": job.type not in job_types,
        "progress": Progress.of(job),
        "duration": duration(job),
        "limit": limit(job),
        "most_crashes": MOST_CRASHES,
        "trouble": Trouble.of(job.error) if job.error else None,
        "earlier": [Trouble.of(failure) for failure in reversed(job.errors)],
        "documents": [Document.of(_("Data"), job.data), Document.of(_("Result"), job.result)],
        "parent": job.blocked_by and Job.objects.filter(pk=job.blocked_by).only(*NAMED).first(),
        "children": Job.objects.filter(blocked_by=job.pk).only(*NAMED)[:MOST_CHILDREN],
        "history": history(job),
    }


NAMED = ["id", "type", "status"]


def limit(job: Job) -> str:
    return humanised(job_types[job.type].timeout) if job.type in job_types else ""


def history(job: Job) -> QuerySet[LogEntry]:
    """What people did to it, the latest first."""
    entries = LogEntry.objects.filter(
        content_type__app_label="jobs", content_type__model="job", object_id=str(job.pk)
    )
    return entries.select_related("user").order_by("-action_time")[:MOST_ENTRIES]
