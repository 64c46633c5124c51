"""What can be asked of the jobs and done to many of them at once."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import connections, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from jobs import sql
from jobs.models import ending
from jobs.models.ending import Ended, Ending
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

    def bare(self) -> Self:
        """Without what they carry: of hundreds, that is more than a statement has time for."""
        return self.only("type", "lease", "worker", "attempts", "suspect")

    def locked(self) -> Self:
        """These rows, locked; those that somebody else has locked are passed over."""
        return self.select_for_update(skip_locked=True, no_key=True, of=("self",))

    def claim(self, worker: "Worker", *, limit: int) -> list["Job"]:
        """Give up to `limit` of these jobs to the worker, the most urgent first."""
        with transaction.atomic(using=self.db):
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

        Returns how many were settled, and where this part ended, as ended_unsettled() does.
        """
        ended, past = self.ended_unsettled(past)
        return self.settle(ended), past

    def ended_unsettled(self, past: UUID | None = None) -> tuple[set[UUID], UUID | None]:
        """Of a part of what waits: the jobs that are waited for although they have ended.

        The parts go by the job that is waited for: `past` is where the last part ended. Returns
        where this part ended, too, or None if it was the last one.
        """
        waiting = self.waiting() if past is None else self.waiting().filter(blocked_by__gt=past)
        parents = waiting.order_by("blocked_by").values_list("blocked_by", flat=True)[:SWEPT]
        seen: list[UUID] = list(parents)  # type: ignore[arg-type]
        ended = set(seen).difference(self.undone(seen).values_list("pk", flat=True))
        return ended, seen[-1] if len(seen) == SWEPT else None

    def settle(self, ended: Iterable[UUID | str]) -> int:
        """Free what waited for these jobs if they finished, end it if they ended in error.

        Returns how many were settled. Where a great many wait, it is a part of them, and sweeps
        settle the rest.
        """
        count, left = 0, set(map(str, ended))
        for _ in range(PASSES):
            if not left:
                break
            settled, left = self.settle_some(left)
            count += settled
        return count

    def settle_some(self, ended: Iterable[str], *, batch: int = BATCH) -> tuple[int, set[str]]:
        """The first statement of settle(): how many it settled, and the jobs to go on with."""
        ended = set(ended)
        rows = self._rows(sql.SETTLE, {"ended": list(ended), "batch": batch})
        if any(way == "free" for way, _ in rows):
            wake()
        # What has just been blocked may be waited for in turn, and a twin may have ended, too.
        onwards = {str(id) for _, id in rows if id is not None}
        return len(rows), onwards | (ended if len(rows) == batch else set())

    def of_the_dead(self) -> "dict[Job, Ending]":
        """How a batch of the jobs is to end whose workers are not there any more.

        A suspect was to run alone and at once, so it has begun: that is a crash. Of the others
        nobody knows; they are suspects from now on.
        """
        gone = [worker for (worker,) in self._rows(sql.GONE, {})]
        jobs = self.processing().filter(worker__in=gone).bare()[:BATCH] if gone else ()
        return {
            job: job.as_lost(f"its worker {job.worker_id} died", begun=job.suspect) for job in jobs
        }

    def rescue(self) -> list["Job"]:
        """Put back, or end, a batch of what dead workers left; return these jobs."""
        return list(self.filter(pk__in=self.end(self.of_the_dead().values())))

    def end(self, endings: Iterable[Ending]) -> set[str]:
        """End these claims, and settle what waits for the jobs; return the ids of these jobs.

        Left out are those that are held no longer under their claim, and those whose row somebody
        else has locked. A twin that is not committed yet is an OperationalError, for all of them.
        """
        by_id = {ending.id: ending for ending in endings}
        with transaction.atomic(using=self.db):
            ended = self.end_some(by_id.values())
            written = set(ended.ways)
            for id in ended.met:
                self.hand_over(id)
                written |= set(self.end_some([by_id[id]]).ways)
            if ended.awaited:
                self.settle(ended.awaited)
        return written

    def end_some(self, endings: Iterable[Ending]) -> Ended:
        """The first statement of end(); those that are `met` need hand_over() before the next."""
        if not (endings := list(endings)):
            return Ended.of([])
        ended = Ended.of(self._rows(ending.STATEMENT, ending.parameters(endings)))
        if ended.frees:
            wake()
        return ended

    def hand_over(self, id: UUID | str) -> None:
        """Let what waits for this job wait for its waiting twin instead, in whose favour it ends.

        A twin that itself waits for the job, or through others, waits no more.
        """
        job = self.get(pk=id)
        twin = self.pending().filter(type=job.type, unique_key=job.unique_key).first()
        if twin is None:
            return
        if twin._waits_for(job):
            self.filter(pk=twin.pk).update(
                blocked_by=None, due=Q(run_at__lte=Now()), updated_at=Now()
            )
            wake()
        self.waiting().filter(blocked_by=job.pk).update(blocked_by=twin.pk)

    def report(self, progress: "Mapping[Job, dict[str, Any]]") -> set[UUID]:
        """Show how far these jobs are; return the ids of those held as they were claimed.

        Left out are those whose row somebody else has locked.
        """
        parameters = {
            "ids": [job.pk for job in progress],
            "leases": [job.lease for job in progress],
            "workers": [job.worker_id for job in progress],
            "progress": list(map(sql.as_json, progress.values())),
        }
        return {id for (id,) in self._rows(sql.REPORT, parameters)}

    def finish(self, results: Mapping["Job", dict[str, Any] | None]) -> list[UUID]:
        """Finish the jobs still held as they were claimed; return the ids of those."""
        rows = [
            (job.pk, job.lease, job.worker_id, sql.as_json(result))
            for job, result in results.items()
        ]
        if not rows:
            return []
        with transaction.atomic(using=self.db), connections[self.db].cursor() as cursor:
            cursor.execute(sql.FINISH, [list(column) for column in zip(*rows, strict=True)])
            ended = cursor.fetchall()
            if awaited := [id for id, is_awaited in ended if is_awaited]:
                self.settle(awaited)
        return [id for id, _ in ended]

    def held(self, jobs: Iterable["Job"]) -> set[UUID]:
        """Which of these jobs are still held as they were claimed."""
        theirs = self.filter(pk__in=[job.pk for job in jobs]).processing()
        now = {row[0]: row for row in theirs.values_list("pk", "lease", "worker_id")}
        return {job.pk for job in jobs if now.get(job.pk) == (job.pk, job.lease, job.worker_id)}

    def _rows(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with connections[self.db].cursor() as cursor:
            cursor.execute(statement, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
