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

# What nobody holds, by status. In words that the constraints below make equal to the status, and
# that only the lists use: so their indexes can turn no other statement from its plan, such as a
# claim, which must not read all that is pending.
LISTED = {
    Status.PENDING: Q(worker=None, finished_at=None),
    Status.FINISHED: Q(finished_at__isnull=False, error__isnull=True),
    Status.ERROR: Q(error__isnull=False),
}
OWNED = {"system": Q(user=None), "users": Q(user__isnull=False)}

INDEXES: list[models.Index] = [
    # Read by a worker's turn and by the poll: what can run now of each type, in its order.
    models.Index(
        "type",
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
    # Read by retry(): what waited in vain.
    models.Index(
        fields=["blocked_by"],
        name="jobs_blocked",
        condition=Q(blocked_by__isnull=False),
    ),
    # Read by rescue() and by the heartbeat: what workers hold.
    models.Index(fields=["worker"], name="jobs_held", condition=PROCESSING),
    # Read by the lists of the API and of the admin, merged (jobs/timeline.py), and by the summary.
    # A job that goes well is written to two of them, once each: when it is enqueued and when it
    # finishes. One index by age of all jobs would be written a third time, by the claim.
    *(
        models.Index(
            fields=["type", "created_at", "id"],
            name=f"jobs_{status}_of_{owner}",
            condition=listed & owned,
        )
        for status, listed in LISTED.items()
        for owner, owned in OWNED.items()
    ),
    # Read when a user is deleted, who may have jobs that run, and by the lists of one user's jobs.
    models.Index(
        fields=["user", "status", "type", "created_at", "id"],
        name="jobs_by_user",
        condition=Q(user__isnull=False),
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
        fields=["type", "unique_key"],
        name="jobs_one_pending_per_key",
        condition=PENDING & ~Q(unique_key=""),
    ),
    # Read by claim() too: one with the same key waits until the running one has ended.
    models.UniqueConstraint(
        fields=["type", "unique_key"],
        name="jobs_one_running_per_key",
        condition=PROCESSING & ~Q(unique_key=""),
    ),
]
