"""What the table of jobs refuses, and what it finds fast: each index with its reader."""

from django.db import models
from django.db.models import F, Q

MOST_CRASHES = 4


class Status(models.TextChoices):
    PENDING = "pending"  # waiting for a worker, for its hour or for another job
    PROCESSING = "processing"  # a worker holds it
    FINISHED = "finished"  # the handler returned; see result
    ERROR = "error"  # it ended otherwise; see error


FINAL = [Status.FINISHED, Status.ERROR]
PENDING, PROCESSING = Q(status=Status.PENDING), Q(status=Status.PROCESSING)

INDEXES: list[models.Index] = [
    # Read by claim(): what can run now, in the order of running.
    models.Index(
        F("priority").desc(),
        "run_at",
        "id",
        name="jobs_for_claim",
        condition=PENDING & Q(due=True),
    ),
    # Read by the poll: what waits for its hour.
    models.Index(
        fields=["run_at"],
        name="jobs_for_later",
        condition=PENDING & Q(due=False, blocked_by=None),
    ),
    # Read by finish(), settle(), sweep() and the heartbeat: what waits for another job.
    models.Index(
        fields=["blocked_by"],
        name="jobs_waiting",
        condition=PENDING & Q(blocked_by__isnull=False),
    ),
    # Read by retry(): what waited in vain. It does not name the status, or the planner, which
    # believes that hardly a job is in error, might take jobs_in_error and read all of it.
    models.Index(
        fields=["blocked_by"],
        name="jobs_blocked",
        condition=Q(blocked_by__isnull=False),
    ),
    # Read by rescue() and by the heartbeat: what workers hold.
    models.Index(fields=["worker"], name="jobs_held", condition=PROCESSING),
    # Read by the list of the API and of the admin.
    models.Index(fields=["created_at", "id"], name="jobs_by_age"),
    # Read by both lists when they show what went wrong.
    models.Index(
        fields=["created_at", "id"], name="jobs_in_error", condition=Q(status=Status.ERROR)
    ),
    # Read when a user is deleted, and by the list of one user's jobs.
    models.Index(
        fields=["user", "created_at"], name="jobs_of_user", condition=Q(user__isnull=False)
    ),
]

CONSTRAINTS: list[models.BaseConstraint] = [
    models.CheckConstraint(name="jobs_status_known", condition=Q(status__in=Status.values)),
    models.CheckConstraint(
        name="jobs_processing_iff_held",
        condition=(PROCESSING & Q(worker__isnull=False, started_at__isnull=False))
        | (~PROCESSING & Q(worker=None)),
    ),
    models.CheckConstraint(
        name="jobs_finished_at_iff_final",
        condition=Q(status__in=FINAL, finished_at__isnull=False)
        | (~Q(status__in=FINAL) & Q(finished_at=None)),
    ),
    models.CheckConstraint(
        name="jobs_error_iff_error",
        condition=Q(status=Status.ERROR, error__isnull=False)
        | (~Q(status=Status.ERROR) & Q(error__isnull=True)),
    ),
    models.CheckConstraint(
        name="jobs_blocked_is_not_due",
        condition=Q(blocked_by=None) | Q(due=False),
    ),
    models.CheckConstraint(
        name="jobs_priority_range", condition=Q(priority__gte=-100, priority__lte=100)
    ),
    models.CheckConstraint(
        name="jobs_counts_range",
        condition=Q(lease__gte=0, attempts__gte=0, max_attempts__gte=1)
        & Q(crashes__gte=0, crashes__lte=MOST_CRASHES),
    ),
    # Enqueueing a second one meets this and returns the first.
    models.UniqueConstraint(
        fields=["unique_key"],
        name="jobs_one_pending_per_key",
        condition=PENDING & ~Q(unique_key=""),
    ),
    # Read by claim() too: one with the same key waits until the running one has ended.
    models.UniqueConstraint(
        fields=["unique_key"],
        name="jobs_one_running_per_key",
        condition=PROCESSING & ~Q(unique_key=""),
    ),
]
