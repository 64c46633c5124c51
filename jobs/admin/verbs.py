"""Retry and cancel, as people do them: one job or a selection, each on its own, each recorded."""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs import audit
from jobs.errors import JobError
from jobs.models import Job

MOST_REASONS = 10  # named in a message; the others are counted

Verb = Literal["retry", "cancel"]
VERBS: dict[Verb, tuple[Callable[[Job], None], audit.Verb]] = {
    "retry": (Job.retry, "retried"),
    "cancel": (Job.cancel, "cancelled"),
}


def may(verb: Verb, request: HttpRequest) -> bool:
    return request.user.has_perm(f"jobs.{verb}_job")


def allowed(verb: Verb, job: Job) -> bool:
    """Whether the job is in a state for it, to offer no button that will be refused."""
    if verb == "retry":
        return job.status == Job.Status.ERROR
    running = job.status == Job.Status.PROCESSING and job.cancel_requested_at is None
    return running or job.status == Job.Status.PENDING


def do(verb: Verb, jobs: Iterable[Job], request: HttpRequest) -> None:
    """Do it for the person who asks, and tell them what was done."""
    user = cast(AbstractBaseUser, request.user)  # nobody else gets past the admin's door
    report(request, verb, each(verb, jobs, user))


class Outcome(NamedTuple):
    done: int
    skipped: list[str]  # why, one for each job


def each(verb: Verb, jobs: Iterable[Job], user: AbstractBaseUser) -> Outcome:
    """Do it to every job that is in a state for it; one that is not stops no other."""
    reasons = [one(verb, job, user) for job in jobs]
    skipped = [reason for reason in reasons if reason]
    return Outcome(len(reasons) - len(skipped), skipped)


def one(verb: Verb, job: Job, user: AbstractBaseUser) -> str:
    """Do it; return why not, or nothing."""
    change, word = VERBS[verb]
    try:
        with transaction.atomic():
            change(job)
            audit.record(user, job, word)
            return still_in_error(job) if verb == "retry" else ""
    except Job.DoesNotExist:
        return _("Job %(id)s is gone.") % {"id": job.pk}
    except JobError as error:
        return str(error)
    except DatabaseError as error:
        # A deadlock or a lock that was not to be had: this job only.
        return _("Job %(id)s: %(reason)s") % {"id": job.pk, "reason": error}


def still_in_error(job: Job) -> str:
    """Why a retry changed nothing: another job with its unique key waits already."""
    job.refresh_from_db(fields=["status", "error"])
    if job.status != Job.Status.ERROR:
        return ""
    return _("Job %(id)s: %(reason)s") % {"id": job.pk, "reason": (job.error or {}).get("message")}


def report(request: HttpRequest, verb: Verb, outcome: Outcome) -> None:
    """Say how many were done, and what was skipped and why."""
    if outcome.done:
        messages.success(request, done_sentence(verb, outcome.done))
    if outcome.skipped:
        messages.warning(request, skipped_sentence(outcome.skipped))


def done_sentence(verb: Verb, count: int) -> str:
    if verb == "retry":
        text = ngettext("%(n)d job will run again.", "%(n)d jobs will run again.", count)
    else:
        text = ngettext(
            "%(n)d job cancelled; if it was running, it stops within seconds.",
            "%(n)d jobs cancelled; those that were running stop within seconds.",
            count,
        )
    return text % {"n": count}


def skipped_sentence(reasons: list[str]) -> SafeString:
    named, more = reasons[:MOST_REASONS], len(reasons) - MOST_REASONS
    if more > 0:
        named.append(ngettext("and %(n)d other.", "and %(n)d others.", more) % {"n": more})
    return format_html(
        "{}<br>{}",
        ngettext("%(n)d job skipped:", "%(n)d jobs skipped:", len(reasons)) % {"n": len(reasons)},
        # Not a list: the admin's styles would draw each line of it as a message of its own.
        format_html_join(mark_safe("<br>"), "{}", ((reason,) for reason in named)),
    )
