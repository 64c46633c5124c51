"""What became of it all, and whether that is what was promised."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from jobs.models import Job
from tests.chaos.consistency import Wrongs
from tests.probe.models import Execution
from tests.soak.crew import Crew
from tests.soak.faults import Faults
from tests.soak.mix import Mix
from tests.soak.plans import Plan

# How a job may end in error beside what its kind is for: killed four times, overtaken by the
# twin that waits under its key, or left behind by a job that was killed four times.
MISHAPS = {"crashed", "superseded", "blocked"}
MOST_GROWTH = 0.10


@dataclass
class Memory:
    """Of the supervisor that is left alone, in bytes."""

    first: int = 0
    last: int = 0

    def note(self, now: int) -> None:
        self.first, self.last = self.first or now, now

    @property
    def growth(self) -> float:
        return self.last / self.first - 1


@dataclass
class Ends:
    """How the jobs of one kind ended."""

    kind: str
    enqueued: int
    finished: int
    errors: Counter[str]

    @classmethod
    def of(cls, kind: str, ids: set[UUID]) -> "Ends":
        rows = list(Job.objects.filter(pk__in=ids).values_list("status", "error__kind"))
        errors = Counter(error for status, error in rows if status == "error")
        return cls(kind, len(ids), sum(status == "finished" for status, _ in rows), errors)

    @property
    def lost(self) -> int:
        return self.enqueued - self.finished - self.errors.total()

    @property
    def unforeseen(self) -> int:
        wanted = {"exception"} if self.kind == "failing" else set()
        wrong = sum(n for error, n in self.errors.items() if error not in MISHAPS | wanted)
        return wrong + (self.finished if self.kind == "failing" else 0)

    def cells(self) -> list[str]:
        errors = ", ".join(f"{n} {error}" for error, n in sorted(self.errors.items()))
        return [self.kind, str(self.enqueued), str(self.finished), errors or "-"]


@dataclass
class Tally:
    ends: list[Ends]
    promises: dict[str, int]  # how often each was broken
    notes: dict[str, Any]
    faults: Counter[str]
    memory: Memory

    @classmethod
    def of(cls, plan: Plan, mix: Mix, crew: Crew, faults: Faults, memory: Memory) -> "Tally":
        times = times_taken(mix.jobs["short"] | mix.jobs["burst"])
        ends = [Ends.of(kind, ids) for kind, ids in mix.jobs.items()]
        wrongs = Wrongs.found()
        promises = {
            "jobs lost": sum(end.lost for end in ends) + wrongs.lost,
            "runs that overlapped": wrongs.twice,
            "stale writes that went through": wrongs.stale,
            "atomic effects not exactly once": not_once(mix.jobs["atomic"]),
            "jobs that ended as they should not": sum(end.unforeseen for end in ends),
            "workers that ended as they should not": len(crew.wrong_ends),
            "processes left over": crew.left_over(),
            "tracebacks in the workers' logs": crew.said("Traceback"),
        }
        if plan.longest:
            late = sum(seconds > plan.longest for seconds in times)
            promises[f"short jobs that took over {plan.longest:g} s"] = late
        notes = {
            "crashes counted": Job.objects.aggregate(all=Sum("crashes"))["all"],
            "rescued from dead workers": crew.said("Rescued a job whose worker died"),
            "leases lost by workers that lived": crew.said("Lost the lease on a job"),
            "outcomes dropped as stale": crew.said("its outcome is dropped"),
            "enqueued onto a waiting twin": mix.met_a_twin,
            "longest from enqueueing to the end of a short job": f"{max(times, default=0):.1f} s",
            "most jobs in the hands of a killed worker": faults.most_in_hand,
            "runs": Execution.objects.count(),
        }
        return cls(ends, promises, notes, faults.count, memory)

    @property
    def broken(self) -> bool:
        return any(self.promises.values()) or self.memory.growth > MOST_GROWTH

    def lines(self) -> Iterator[str]:
        yield from table(["kind", "enqueued", "finished", "error"], [e.cells() for e in self.ends])
        yield from table(["promise", "broken (0)"], self.promises.items())
        megabytes = [f"{size / 1e6:.1f} MB" for size in (self.memory.first, self.memory.last)]
        grown = f"{' -> '.join(megabytes)} ({self.memory.growth:+.1%}, at most +{MOST_GROWTH:.0%})"
        yield from table(["", ""], [*self.notes.items(), ("memory of a supervisor", grown)])
        yield from table(["fault", "times"], self.faults.items())
        yield "A promise was broken." if self.broken else "Every promise was kept."


def times_taken(ids: set[UUID]) -> list[float]:
    """Seconds from enqueueing to the end of each of these, all waiting in between included."""
    ended = Job.objects.filter(pk__in=ids).exclude(finished_at=None)
    moments = ended.values_list("created_at", "finished_at")
    return [(finished_at - created_at).total_seconds() for created_at, finished_at in moments]


def not_once(ids: set[UUID]) -> int:
    """Finished jobs whose handler's row is not there exactly once."""
    finished = set(Job.objects.filter(pk__in=ids, status="finished").values_list("pk", flat=True))
    rows = Execution.objects.filter(job__in=ids).values_list("job").annotate(rows=Count("pk"))
    return len(finished ^ {job for job, count in rows if count == 1})


def table(header: list[str], rows: Any) -> Iterator[str]:
    cells = [header, *(list(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
    yield ""
