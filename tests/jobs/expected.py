"""What should become of the jobs: the verbs once more, on plain objects, without SQL and locks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from jobs.models import Job

MOST_CRASHES, ERRORS_KEPT = 4, 10
DONE = {"painted": 1}


@dataclass
class Expected:
    """A job as its row should be."""

    key: str = ""  # with its type
    max_attempts: int = 1
    waits_for: UUID | None = None
    has_hour: bool = True  # its hour has come
    due: bool = True
    status: str = "pending"
    worker: int | None = None
    lease: int = 0
    attempts: int = 0
    crashes: int = 0
    suspect: bool = False
    started: bool = False
    asked: bool = False  # to be cancelled
    error: str | None = None
    twin: str | None = None  # in whose favour it ended
    errors: list[str] = field(default_factory=list)
    progress: Any = None
    result: Any = None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Expected":
        """The row as it is, in the same words."""
        assert bool(row["finished_at"]) == (row["status"] in ("finished", "error"))
        return cls(
            key=row["unique_key"] and f"{row['type']}:{row['unique_key']}",
            waits_for=row["blocked_by"],
            worker=row["worker_id"],
            started=row["started_at"] is not None,
            asked=row["cancel_requested_at"] is not None,
            error=row["error"] and row["error"]["kind"],
            twin=row["error"] and row["error"].get("twin"),
            errors=[entry["kind"] for entry in row["errors"]],
            **{
                name: row[name]
                for name in ("has_hour", "due", "status", "lease", "attempts", "crashes", "suspect")
            },
            **{name: row[name] for name in ("max_attempts", "progress", "result")},
        )

    def note(self, kind: str) -> None:
        self.errors = [*self.errors, kind][-ERRORS_KEPT:]

    def reset(self, *, parent: UUID | None, due: bool) -> None:
        self.waits_for, self.has_hour, self.due = parent, True, due and parent is None
        self.status, self.attempts, self.crashes, self.started = "pending", 0, 0, False
        self.suspect, self.twin = False, None
        self.error = self.progress = self.result = None


class Queue:
    """All jobs, and the workers whose row is still there."""

    def __init__(self) -> None:
        self.jobs: dict[UUID, Expected] = {}
        # What each has said that it runs.
        self.workers: dict[int, list[UUID]] = {}

    # -- what may happen -------------------------------------------------------------------------

    def ready(self) -> list[UUID]:
        return [id for id, job in self.jobs.items() if job.due and self.is_free(id)]

    def is_free(self, id: UUID) -> bool:
        """Whether nothing but its hour keeps it from running."""
        job = self.jobs[id]
        runs = job.key and self.with_key(job.key, "processing")
        return job.status == "pending" and job.waits_for is None and not runs

    def with_status(self, status: str) -> list[UUID]:
        return [id for id, job in self.jobs.items() if job.status == status]

    def with_key(self, key: str, status: str) -> UUID | None:
        same = [id for id in self.with_status(status) if self.jobs[id].key == key]
        return same[0] if key and same else None

    def holds(self, hold: Job) -> bool:
        job = self.jobs[hold.pk]
        return job.status == "processing" and (job.lease, job.worker) == (
            hold.lease,
            hold.worker_id,
        )

    def abandoned(self) -> set[UUID]:
        held = self.with_status("processing")
        return {id for id in held if self.jobs[id].worker not in self.workers}

    def is_left_undone(self) -> bool:
        """Whether the dead hold a job, or did not live to settle one."""
        parents = (self.jobs[id].waits_for for id in self.waiting(None))
        unsettled = any(self.jobs[id].status in ("finished", "error") for id in parents if id)
        return unsettled or bool(self.abandoned())

    # -- the verbs -------------------------------------------------------------------------------

    def enqueue(self, id: UUID, **options: Any) -> None:
        self.jobs[id] = job = Expected(**options)
        job.due = job.has_hour and job.waits_for is None

    def bury(self, workers: Iterable[int]) -> None:
        for worker in workers:
            for id in self.workers.pop(worker):
                self.jobs[id].suspect |= self.jobs[id].worker == worker

    def meet(self, id: UUID, *, has_hour: bool) -> None:
        """Another of its key is enqueued. One that was put off by its own run keeps its hour."""
        job = self.jobs[id]
        if has_hour and job.lease == 0:
            job.has_hour, job.due = True, job.waits_for is None

    def claim(self, ids: list[UUID], worker: int) -> None:
        if ids and worker in self.workers:
            self.workers[worker] = ids
        for job in map(self.jobs.__getitem__, ids):
            job.status, job.worker, job.started = "processing", worker, True
            job.lease, job.attempts = job.lease + 1, job.attempts + 1

    def finish(self, id: UUID) -> None:
        job = self.jobs[id]
        job.status, job.worker, job.result, job.progress = "finished", None, DONE, None
        job.asked = False
        self.settle([id])

    def fail(self, id: UUID, *, repeatable: bool) -> None:
        job = self.jobs[id]
        job.note("exception")
        if not repeatable or job.attempts >= job.max_attempts:
            self.end(id, "exception")
        elif self.goes_back(id):
            job.due = job.has_hour = False

    def release(self, id: UUID) -> None:
        if self.goes_back(id):
            self.jobs[id].attempts -= 1

    def rescue(self, id: UUID) -> None:
        job = self.jobs[id]
        job.note("crashed")
        job.crashes, job.suspect = job.crashes + 1, True
        if job.crashes == MOST_CRASHES:
            self.end(id, "crashed")
        elif self.goes_back(id):
            job.due = True
            job.attempts -= 1

    def lose(self, id: UUID) -> None:
        """Its worker died, and nobody knows whether it had begun."""
        job = self.jobs[id]
        if job.suspect:
            self.rescue(id)
            return
        job.suspect = True
        if self.goes_back(id):
            job.due = True
            job.attempts -= 1

    def cancel(self, id: UUID) -> None:
        if self.jobs[id].status == "pending":
            self.end(id, "cancelled")
        else:
            self.jobs[id].asked = True

    def begin_anew(self, id: UUID, *, due: bool) -> None:
        """Those that ended because they waited for it too, the oldest first."""
        reopened = [id]
        for id in reopened:
            if not self.gives_way(id):
                parent = self.jobs[id].waits_for
                done = parent is None or self.jobs[parent].status == "finished"
                self.jobs[id].reset(parent=None if done else parent, due=due)
                reopened += [
                    child
                    for child, job in self.jobs.items()
                    if job.waits_for == id and job.error == "blocked"
                ]

    def make_due(self) -> None:
        for id in self.with_status("pending"):
            self.jobs[id].due |= self.jobs[id].waits_for is None and self.jobs[id].has_hour

    def settle(self, ended: Iterable[UUID] | None = None) -> None:
        for id in self.waiting(ended):
            job = self.jobs[id]
            parent = self.jobs[job.waits_for]  # type: ignore[index]
            if job.status != "pending":  # it ended with another of them
                continue
            if parent.status == "finished" or parent.twin == str(id):
                job.waits_for, job.due = None, job.has_hour
            elif parent.twin:
                job.waits_for = UUID(parent.twin)
                self.settle([job.waits_for])
            elif parent.status == "error":
                self.end(id, "blocked")

    # -- how they end ----------------------------------------------------------------------------

    def waiting(self, ended: Iterable[UUID] | None) -> list[UUID]:
        parents = {id: self.jobs[id].waits_for for id in self.with_status("pending")}
        return [id for id, it in parents.items() if it and (ended is None or it in ended)]

    def end(self, id: UUID, kind: str) -> None:
        job = self.jobs[id]
        job.status, job.worker, job.error, job.progress = "error", None, kind, None
        job.asked = False
        self.settle([id])

    def goes_back(self, id: UUID) -> bool:
        job = self.jobs[id]
        if job.asked:
            self.end(id, "cancelled")
        elif not self.gives_way(id):
            job.status, job.worker, job.progress = "pending", None, None
        return job.status == "pending"

    def gives_way(self, id: UUID) -> bool:
        """To the one that waits under its key, for which its children then wait."""
        if (twin := self.with_key(self.jobs[id].key, "pending")) is None:
            return False
        if self.depends(twin, id):
            self.jobs[twin].waits_for = None
            self.jobs[twin].due = self.jobs[twin].has_hour
        for child in self.waiting([id]):
            self.jobs[child].waits_for = twin
        self.jobs[id].twin = str(twin)
        self.end(id, "superseded")
        return True

    def depends(self, id: UUID, other: UUID) -> bool:
        ahead = self.jobs[id].waits_for
        return ahead is not None and (ahead == other or self.depends(ahead, other))


def read() -> dict[Any, dict[str, Any]]:
    """Every row, by its id."""
    jobs = Job.objects.annotate(has_hour=Q(run_at__lte=Now())).values()
    return {row["id"]: row for row in jobs}
