"""A job and every change of its state."""

import random
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from psycopg.errors import LockNotAvailable
from uuid_utils.compat import uuid7

from jobs.content import printable
from jobs.errors import JobLocked, WrongState
from jobs.models.manager import JobManager
from jobs.models.queryset import JobQuerySet
from jobs.models.schema import CONSTRAINTS, INDEXES, MOST_CRASHES, Status
from jobs.outcome import CANCELLED, Failure
from jobs.registry import Backoff, job_types
from jobs.wake import wake

ERRORS_KEPT = 10


class Job(models.Model):
    """Work for later. Only the methods below, and enqueue, change its state."""

    Status = Status

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    type = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=Status, db_default=Status.PENDING)
    data = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    entity_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    # Not auto_now: the verbs set it, by the clock of the database.
    updated_at = models.DateTimeField(db_default=Now())

    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField(db_default=Now())
    # False while it waits for its hour or for another job, to keep it out of the claim's index.
    due = models.BooleanField(default=True)
    unique_key = models.CharField(max_length=200, blank=True, default="")
    # No constraint: the job it waits for may be pruned.
    blocked_by = models.UUIDField(null=True)

    worker = models.ForeignKey(
        "jobs.Worker", models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    # Raised at each claim, never lowered: a former holder cannot match it.
    lease = models.IntegerField(db_default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(db_default=0)
    max_attempts = models.SmallIntegerField(default=1)
    crashes = models.SmallIntegerField(db_default=0)
    progress = models.JSONField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    error = models.JSONField(null=True)
    errors = models.JSONField(db_default=Value([], models.JSONField()))

    objects = JobManager.from_queryset(JobQuerySet)()

    class Meta:
        db_table = "jobs"
        permissions = [("retry_job", "Can retry a job"), ("cancel_job", "Can cancel a job")]
        indexes = INDEXES
        constraints = CONSTRAINTS

    def __str__(self) -> str:
        return f"{self.type} {self.id}"

    # -- by the worker that holds it; each returns False if it holds it no longer ------------------

    def finish(self, result: dict[str, Any] | None) -> bool:
        return bool(Job.objects.finish({self: result}))

    @transaction.atomic
    def fail(self, failure: Failure) -> bool:
        """Another attempt after the back-off, or the end."""
        if (job := self._locked()) is None:
            return False
        job._note(failure)
        if failure.repeatable and job.attempts < job.max_attempts:
            job._requeue(due=False, run_at=Now() + job._backoff())
        else:
            job._end_in_error(failure)
        return True

    @transaction.atomic
    def release(self) -> bool:
        """Back to the queue, as if it had not been claimed. Its process must be gone."""
        if (job := self._locked()) is None:
            return False
        job._requeue(attempts=job.attempts - 1)
        return True

    @transaction.atomic
    def put_back(self, wait: timedelta) -> bool:
        """Back to the queue for so long, as if it had not been claimed: it could not be begun."""
        if (job := self._locked()) is None:
            return False
        job._requeue(due=False, run_at=Now() + wait, attempts=job.attempts - 1)
        return True

    @transaction.atomic
    def rescue(self, reason: str, log: tuple[str, ...] = ()) -> bool:
        """Back to the queue at once, for its process is gone; the fourth time is the end."""
        if (job := self._locked()) is None:
            return False
        failure = Failure("crashed", f"The job was lost: {reason}.", log=log)
        job._note(failure)
        job.crashes += 1
        if job.crashes >= MOST_CRASHES:
            job._end_in_error(failure)
        else:
            job._requeue(due=True, attempts=job.attempts - 1, crashes=job.crashes)
        return True

    @transaction.atomic
    def report(self, progress: dict[str, Any]) -> bool:
        """Show how far it is."""
        if (job := self._locked()) is None:
            return False
        return job._write(progress=progress)

    # -- by people ---------------------------------------------------------------------------------

    @transaction.atomic
    def cancel(self) -> None:
        """End a pending job; ask the worker of a running one to stop it. Else WrongState."""
        job = Job.objects.select_for_update(no_key=True).get(pk=self.pk)
        if job.status == Status.PENDING:
            job._end_in_error(CANCELLED)
        elif job.status == Status.PROCESSING:
            job._write(cancel_requested_at=Coalesce("cancel_requested_at", Now()))
            wake("cancel")
        else:
            raise WrongState(self.pk, job.status, "cancelled", "pending or processing")

    def retry(self) -> None:
        """Begin anew a job that ended in error, and what ended because it waited for it."""
        self._begin_anew({Status.ERROR}, needed="in error", due=True)

    def repeat(self) -> None:
        """Begin anew a job however it ended, for `process_job --force`.

        It is due only when a worker polls, so that the caller has the time to claim it.
        """
        self._begin_anew({Status.FINISHED, Status.ERROR}, needed="finished or in error", due=False)

    # -- how they are written ----------------------------------------------------------------------

    def _locked(self) -> "Job | None":
        """The row as it is now, locked; None if it is held no longer as it was claimed.

        Raises JobLocked when somebody else has it locked: a worker does not wait for that.
        """
        held = self._as_read().filter(worker__isnull=False)
        job = held.locked().first()
        if job is None and held.exists():
            raise JobLocked(self.pk)
        return job

    def _write(self, **changes: Any) -> bool:
        """Change the row if nobody has claimed, put back or ended it since it was read."""
        return bool(self._as_read().update(updated_at=Now(), **changes))

    def _as_read(self) -> JobQuerySet:
        """The row, if nobody has claimed, put back or ended it since.

        By its key: asked for `status = …` the planner may read all of a partial index (sql.FINISH).
        """
        row: JobQuerySet = Job.objects.filter(pk=self.pk, lease=self.lease, worker=self.worker_id)
        return row if self.worker_id else row.exclude(status__in=set(Status) - {self.status})

    def _note(self, failure: Failure) -> None:
        entry = failure.as_json() | {"log": [printable(line) for line in failure.log]}
        entry |= {"attempt": self.attempts, "at": timezone.now().isoformat()}
        self.errors = [*self.errors, entry][-ERRORS_KEPT:]

    def _backoff(self) -> timedelta:
        backoff = job_types[self.type].backoff if self.type in job_types else Backoff()
        return backoff.after(self.attempts, chance=random.random())  # noqa: S311  no secret

    def _requeue(self, **changes: Any) -> bool:
        """To pending; unless it was to be cancelled, or a job with its unique_key waits already."""
        if self.cancel_requested_at:
            self._end_in_error(CANCELLED)
            return False
        changes = {"status": Status.PENDING, "worker": None, "progress": None} | changes
        try:
            with transaction.atomic():
                self._write(errors=self.errors, **changes)
        except IntegrityError:
            self._give_way()
            return False
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):  # its twin is not committed yet
                raise JobLocked(self.pk) from None
            raise
        if changes.get("due", True):
            wake()
        return True

    @transaction.atomic
    def _begin_anew(self, states: set[str], *, needed: str, due: bool) -> None:
        job = Job.objects.select_for_update(no_key=True).get(pk=self.pk)
        if job.status not in states:
            raise WrongState(self.pk, job.status, "retried", needed)
        reopened = [job]
        for job in reopened:  # grows while it is walked
            if job._reopen(due=due):
                children = Job.objects.filter(blocked_by=job.pk, error__kind="blocked")
                # The oldest first: of two with one unique_key it is the one that waits again.
                children = children.order_by("created_at", "id")
                reopened += children.select_for_update(no_key=True)

    def _reopen(self, *, due: bool) -> bool:
        """To pending as if it were new; lease and past errors stay."""
        parent = Job.objects.filter(pk=self.blocked_by).exclude(status=Status.FINISHED).first()
        return self._requeue(
            blocked_by=parent and parent.pk,
            due=due and parent is None,
            run_at=Now(),
            attempts=0,
            crashes=0,
            result=None,
            error=None,
            started_at=None,
            finished_at=None,
        )

    def _give_way(self) -> None:
        """End in favour of the job that waits under the same unique_key."""
        twin = Job.objects.pending().filter(unique_key=self.unique_key).first()
        if twin is None:  # claimed in the same instant
            raise JobLocked(self.pk)
        if twin._waits_for(self):  # it would wait for itself
            twin._write(blocked_by=None, due=Q(run_at__lte=Now()))
            wake()
        Job.objects.pending().filter(blocked_by=self.pk).update(blocked_by=twin.pk)
        self._end_in_error(Failure("superseded", f"Job {twin.pk} waits under the same unique_key."))

    def _waits_for(self, other: "Job") -> bool:
        """Whether it does, itself or through others."""
        ahead = self.blocked_by
        while ahead and ahead != other.pk:
            ahead = Job.objects.filter(pk=ahead).values_list("blocked_by", flat=True).first()
        return ahead == other.pk

    def _end_in_error(self, failure: Failure) -> None:
        self._close(failure)
        Job.objects.settle([self.pk])

    def _close(self, failure: Failure) -> None:
        self._write(
            status=Status.ERROR,
            worker=None,
            error=failure.as_json(),
            errors=self.errors,
            crashes=self.crashes,
            progress=None,
            cancel_requested_at=None,
            finished_at=Now(),
        )
