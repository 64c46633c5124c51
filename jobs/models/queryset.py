"""What can be asked of the jobs and done to many of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import connections, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from jobs import sql
from jobs.errors import JobLocked
from jobs.outcome import Failure
from jobs.wake import wake

if TYPE_CHECKING:
    from jobs.models import Job, Worker

BATCH = 500  # rows a sweep locks at once
SWEPT = 2_000  # rows a sweep looks at, however many there are
PASSES = 20  # batches one call settles, so that a worker's transaction keeps within its limit


class JobQuerySet(models.QuerySet["Job"]):
    def pending(self) -> Self:
        return self.filter(status="pending")

    def processing(self) -> Self:
        return self.filter(status="processing")

    def ready(self) -> Self:
        """What a worker may claim now."""
        return self.free().filter(due=True)

    def free(self) -> Self:
        """Pending, and no job of its type with the same unique_key runs."""
        running = self.model._default_manager.filter(
            ~Q(unique_key=""),
            status="processing",
            type=OuterRef("type"),
            unique_key=OuterRef("unique_key"),
        )
        return self.pending().filter(Q(unique_key="") | ~Exists(running))

    def waiting(self) -> Self:
        """What waits for another job."""
        return self.pending().filter(blocked_by__isnull=False)

    def under_way(self) -> Self:
        """What has not ended: it waits, or it runs."""
        return self.filter(status__in=["pending", "processing"])

    def undone(self, ids: Iterable[UUID]) -> Self:
        """Those of these jobs that have not ended."""
        return self.under_way().filter(pk__in=set(ids))

    def abandoned(self) -> Self:
        """What is held by a worker that is no longer there."""
        holder = self.model._meta.get_field("worker").related_model._default_manager
        return self.processing().filter(~Exists(holder.filter(pk=OuterRef("worker_id"))))

    def locked(self) -> Self:
        """These rows, locked; those that somebody else has locked are passed over."""
        return self.select_for_update(skip_locked=True, no_key=True, of=("self",))

    def claim(self, worker: "Worker", *, limit: int) -> list["Job"]:
        """Give up to `limit` of these jobs to the worker, the most urgent first."""
        with transaction.atomic():
            jobs = list(self.locked().order_by("-priority", "run_at", "id")[:limit])
            self.model._default_manager.filter(pk__in=[job.pk for job in jobs]).update(
                status="processing",
                worker=worker,
                lease=F("lease") + 1,
                attempts=F("attempts") + 1,
                started_at=Now(),
                updated_at=Now(),
            )
        for job in jobs:
            job.status, job.worker_id = "processing", worker.pk
            job.lease += 1
            job.attempts += 1
        return jobs

    def sweep(self, past: UUID | None = None) -> tuple[int, UUID | None]:
        """Settle what a crash left unsettled, a part of what waits at a time.

        The parts go by the job that is waited for: `past` is where the last part ended. Returns
        how many were settled and where this part ended, or None if it was the last one.
        """
        waiting = self.waiting() if past is None else self.waiting().filter(blocked_by__gt=past)
        parents = waiting.order_by("blocked_by").values_list("blocked_by", flat=True)[:SWEPT]
        seen: list[UUID] = list(parents)  # type: ignore[arg-type]
        ended = set(seen).difference(self.undone(seen).values_list("pk", flat=True))
        settled = self.settle(ended) if ended else 0
        return settled, seen[-1] if len(seen) == SWEPT else None

    def settle(self, ended: Iterable[UUID]) -> int:
        """Free what waited for these jobs if they finished, end it if they ended in error.

        Returns how many were settled. Where a great many wait, it is a part of them, and sweeps
        settle the rest.
        """
        count, left = 0, [list(ended)]
        for _ in range(PASSES):
            if not left:
                break
            these = left.pop()
            with transaction.atomic():
                freed, stuck = self._settle(self.waiting().filter(blocked_by__in=these))
            count += freed + len(stuck)
            if stuck:  # there may be some that wait for them in turn
                left.append(stuck)
            if BATCH in (freed, len(stuck)):  # there may be more
                left.append(these)
        return count

    def _settle(self, waiting: Self) -> tuple[int, list[UUID]]:
        parent = self.model._default_manager.filter(pk=OuterRef("blocked_by"))
        freed = self._among(waiting.filter(Exists(parent.filter(status="finished")))).update(
            blocked_by=None, due=Q(run_at__lte=Now()), updated_at=Now()
        )
        if freed:
            wake()
        # In error, or deleted.
        hopeless = waiting.filter(~Exists(parent.exclude(status="error"))).locked()
        return freed, self._block(hopeless.values_list("blocked_by", "pk")[:BATCH])

    def _block(self, hopeless: Iterable[tuple[UUID, UUID]]) -> list[UUID]:
        """End locked jobs that wait for one that failed, all that wait for the same one at once."""
        by_parent: dict[UUID, list[UUID]] = {}
        for parent, pk in hopeless:
            by_parent.setdefault(parent, []).append(pk)
        for parent, ids in by_parent.items():
            self.model._default_manager.filter(pk__in=ids).update(
                status="error",
                error=Failure("blocked", f"It waited for job {parent}, which failed.").as_json(),
                progress=None,
                cancel_requested_at=None,
                finished_at=Now(),
                updated_at=Now(),
            )
        return [pk for ids in by_parent.values() for pk in ids]

    def rescue(self) -> list["Job"]:
        """Put back, or end, a batch of what dead workers left; return these jobs."""
        rescued = []
        with transaction.atomic():
            jobs = list(self.abandoned().locked()[:BATCH])
            # Asked again: a row that changed hands since the statement began was locked with its
            # new holder, whom that statement could not see if he is new himself.
            for job in jobs and self.filter(pk__in=[job.pk for job in jobs]).abandoned():
                with suppress(JobLocked), transaction.atomic():
                    job.rescue(f"its worker {job.worker_id} died")
                    rescued.append(job)
        return rescued

    def finish(self, results: Mapping["Job", dict[str, Any] | None]) -> list[UUID]:
        """Finish the jobs still held as they were claimed; return the ids of those."""
        rows = [
            (job.pk, job.lease, job.worker_id, sql.as_json(result))
            for job, result in results.items()
        ]
        if not rows:
            return []
        with transaction.atomic(), connections[self.db].cursor() as cursor:
            cursor.execute(sql.FINISH, [list(column) for column in zip(*rows, strict=True)])
            ended = cursor.fetchall()
            if awaited := [id for id, is_awaited in ended if is_awaited]:
                self.settle(awaited)
        return [id for id, _ in ended]

    def release(self, jobs: Iterable["Job"]) -> set[UUID]:
        """Put back those of these jobs with which there is no more to it; return their ids.

        The others, and those that somebody else has locked, are left to Job.release().
        """
        claims = {job.pk: (job.lease, job.worker_id) for job in jobs}
        with transaction.atomic():
            simple = self.filter(pk__in=claims, unique_key="", cancel_requested_at=None)
            rows = simple.filter(worker__isnull=False).locked()
            ids = {
                pk
                for pk, *claim in rows.values_list("pk", "lease", "worker_id")
                if claims[pk] == tuple(claim)
            }
            self.filter(pk__in=ids).update(
                status="pending",
                worker=None,
                progress=None,
                attempts=F("attempts") - 1,
                updated_at=Now(),
            )
            if ids:
                wake()
        return ids

    def held(self, jobs: Iterable["Job"]) -> set[UUID]:
        """Which of these jobs are still held as they were claimed."""
        theirs = self.filter(pk__in=[job.pk for job in jobs]).processing()
        now = {row[0]: row for row in theirs.values_list("pk", "lease", "worker_id")}
        return {job.pk for job in jobs if now.get(job.pk) == (job.pk, job.lease, job.worker_id)}

    def _among(self, rows: Self) -> Self:
        """A batch of these rows, locked, ready for an update."""
        ids: Sequence[UUID] = list(rows.locked().values_list("pk", flat=True)[:BATCH])
        return self.model._default_manager.filter(pk__in=ids)  # type: ignore[return-value]
