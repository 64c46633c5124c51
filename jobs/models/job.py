"""A job and every change of its state."""

import random
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, models, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce, Now
from psycopg.errors import LockNotAvailable
from uuid_utils.compat import uuid7

from jobs.errors import JobLocked, WrongState
from jobs.models.ending import Ending, How
from jobs.models.manager import JobManager
from jobs.models.queryset import JobQuerySet
from jobs.models.schema import CONSTRAINTS, INDEXES, Status
from jobs.outcome import CANCELLED, Failure
from jobs.registry import Backoff, job_types
from jobs.wake import database, wake

OF_AN_END = ("result", "error", "superseded_by", "finished_at")  # columns that only an end fills


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
    # The job of its type and unique_key in whose favour it ended: what waits for it waits for that.
    superseded_by = models.UUIDField(null=True)

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
    # Whether it may be what took a worker down: it is given to a child that has nothing else.
    suspect = models.BooleanField(db_default=False)
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

    def fail(self, failure: Failure) -> bool:
        """Another attempt after the back-off, or the end."""
        return self._end(self.as_failed(failure))

    def release(self) -> bool:
        """Back to the queue, as if it had not been claimed. Its process must be gone."""
        return self._end(self.as_released())

    def put_back(self, wait: timedelta) -> bool:
        """Back to the queue for a while, as if it had not been claimed."""
        return self._end(self.as_released(wait))

    def rescue(self, reason: str, log: tuple[str, ...] = ()) -> bool:
        """Back to the queue at once, for its process is gone; the fourth time is the end."""
        return self._end(self.as_lost(reason, begun=True, log=log))

    def report(self, progress: dict[str, Any]) -> bool:
        """Show how far it is."""
        return self._unless_locked(bool(Job.objects.report({self: progress})))

    # -- what is to become of a claim, to be written with others -----------------------------------

    def as_failed(self, failure: Failure) -> Ending:
        if not failure.repeatable:
            return self._ending("fail", failure)
        wait = self._backoff() if failure.wait is None else failure.wait
        return self._ending("again", failure, wait)

    def as_released(self, wait: timedelta | None = None) -> Ending:
        return self._ending("release" if wait is None else "wait", wait=wait)

    def as_lost(self, reason: str, *, begun: bool, log: tuple[str, ...] = ()) -> Ending:
        """`begun` says whether its handler had begun: only that is a crash."""
        if not begun:
            return self._ending("lost")
        return self._ending("crash", Failure("crashed", f"The job was lost: {reason}.", log=log))

    def _ending(
        self, how: How, failure: Failure | None = None, wait: timedelta | None = None
    ) -> Ending:
        seconds = wait.total_seconds() if wait else 0.0
        return Ending(str(self.pk), self.lease, self.worker_id or 0, how, failure, seconds)

    # -- by people ---------------------------------------------------------------------------------

    def cancel(self) -> None:
        """End a pending job; ask the worker of a running one to stop it. Else WrongState."""
        with transaction.atomic(using=database()):
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

    def _end(self, ending: Ending) -> bool:
        """Raise JobLocked when somebody else has the row, or a twin is not committed yet."""
        try:
            with transaction.atomic(using=database()):
                return self._unless_locked(bool(Job.objects.end([ending])))
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise JobLocked(self.pk) from None
            raise

    def _unless_locked(self, written: bool) -> bool:
        """What was written; JobLocked if nothing was, although the claim still holds."""
        if not written and Job.objects.held([self]):
            raise JobLocked(self.pk)
        return written

    def _write(self, **changes: Any) -> bool:
        """Change the row if nobody has claimed, put back or ended it since it was read."""
        return bool(self._as_read().update(updated_at=Now(), **changes))

    def _as_read(self) -> JobQuerySet:
        """The row, if nobody has claimed, put back or ended it since.

        By its key: asked for `status = …` the planner may read all of a partial index (jobs.sql).
        """
        row: JobQuerySet = Job.objects.filter(pk=self.pk, lease=self.lease, worker=self.worker_id)
        return row if self.worker_id else row.exclude(status__in=set(Status) - {self.status})

    def _backoff(self) -> timedelta:
        backoff = job_types[self.type].backoff if self.type in job_types else Backoff()
        return backoff.after(self.attempts, chance=random.random())  # noqa: S311  no secret

    def _begin_anew(self, states: set[str], *, needed: str, due: bool) -> None:
        with transaction.atomic(using=database()):
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
        due = due and parent is None
        anew = {"attempts": 0, "crashes": 0, "suspect": False, "run_at": Now()}
        none = dict.fromkeys((*OF_AN_END, "started_at", "progress"))
        try:
            with transaction.atomic(using=database()):
                self._write(
                    status=Status.PENDING,
                    blocked_by=parent and parent.pk,
                    due=due,
                    **anew,
                    **none,
                )
        except IntegrityError:
            self._give_way()
            return False
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):  # its twin is not committed yet
                raise JobLocked(self.pk) from None
            raise
        if due:
            wake()
        return True

    def _give_way(self) -> None:
        """End in favour of the job that waits under the same unique_key."""
        twin = Job.objects.pending().filter(type=self.type, unique_key=self.unique_key).first()
        if twin is None:  # claimed in the same instant
            raise JobLocked(self.pk)
        Job.objects.hand_over(self.pk)
        message = f"Job {twin.pk} waits under the same unique_key."
        self._end_in_error(Failure("superseded", message), superseded_by=twin.pk)

    def _waits_for(self, other: "Job") -> bool:
        """Whether it does, itself or through others."""
        ahead = self.blocked_by
        while ahead and ahead != other.pk:
            ahead = Job.objects.filter(pk=ahead).values_list("blocked_by", flat=True).first()
        return ahead == other.pk

    def _end_in_error(self, failure: Failure, **changes: Any) -> None:
        self._write(
            status=Status.ERROR,
            error=failure.as_json(),
            progress=None,
            cancel_requested_at=None,
            finished_at=Now(),
            **changes,
        )
        Job.objects.settle([self.pk])
