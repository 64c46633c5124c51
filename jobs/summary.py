"""The state of the queue in a few words, for the admin and for jobs_health."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connections

from jobs.duration import humanised
from jobs.registry import job_types
from jobs.timeline import KNOWN
from jobs.wake import database

NO_TIME, LATE = timedelta(), timedelta(minutes=1)
LINE_READ, ERRORS_READ, WORKERS_READ = 1_000, 10_000, 50

# One statement, so that the page keeps to its number of queries; each part reads a bounded piece
# of one index: of each type, the head of its line. A job whose hour has come is not marked due when
# no worker lives: see `late`.
PARTS = """
, live AS (SELECT types FROM job_workers WHERE alive_until > now()),
due AS (
    SELECT type, head.run_at FROM known, LATERAL (
        SELECT run_at FROM jobs
        WHERE status = 'pending' AND due AND type = known.type
        ORDER BY priority DESC, run_at, id LIMIT %(line)s
    ) AS head
), late AS (
    SELECT type, run_at FROM jobs
    WHERE status = 'pending' AND NOT due AND blocked_by IS NULL AND run_at <= now()
    ORDER BY run_at LIMIT %(line)s
), failed AS (
    SELECT FROM known, LATERAL (
        (
            SELECT FROM jobs
            WHERE error IS NOT NULL AND user_id IS NULL AND type = known.type
              AND created_at > now() - interval '24 hours'
            LIMIT %(errors)s
        )
        UNION ALL
        (
            SELECT FROM jobs
            WHERE error IS NOT NULL AND user_id IS NOT NULL AND type = known.type
              AND created_at > now() - interval '24 hours'
            LIMIT %(errors)s
        )
    ) AS error
    LIMIT %(errors)s
)
(
    SELECT CASE WHEN alive_until > now() THEN 'alive' ELSE 'lapsed' END, name, slots::bigint,
           now() - seen_at
    FROM job_workers ORDER BY alive_until DESC LIMIT %(workers)s
)
UNION ALL
SELECT CASE WHEN EXISTS (SELECT FROM live WHERE line.type = ANY(types)) THEN 'served'
            ELSE 'unserved' END, type, count(*), now() - min(run_at)
FROM (TABLE due UNION ALL TABLE late) AS line GROUP BY type
UNION ALL
SELECT 'error', '', count(*), interval '0' FROM failed
"""
SUMMARY = KNOWN + PARTS


@dataclass(frozen=True)
class Line:
    """One thing worth a glance: `name` is a worker or a type, `age` when it was seen or was due."""

    what: str
    name: str
    count: int
    age: timedelta

    @property
    def ago(self) -> str:
        return humanised(self.age or NO_TIME)

    @property
    def label(self) -> str:
        return job_types.label(self.name)


@dataclass(frozen=True)
class Summary:
    lines: list[Line]

    @classmethod
    def read(cls) -> "Summary":
        bounds = {"line": LINE_READ, "errors": ERRORS_READ, "workers": WORKERS_READ}
        with connections[database()].cursor() as cursor:
            cursor.execute(SUMMARY, bounds)
            return cls([Line(*row) for row in cursor.fetchall()])

    def _which(self, *what: str) -> list[Line]:
        return [line for line in self.lines if line.what in what]

    @property
    def alive(self) -> list[Line]:
        return self._which("alive")

    @property
    def lapsed(self) -> list[Line]:
        return self._which("lapsed")

    @property
    def workers(self) -> list[Line]:
        return self._which("alive", "lapsed")

    @property
    def unserved(self) -> list[Line]:
        return self._which("unserved")

    @property
    def due(self) -> int:
        return sum(line.count for line in self._which("served", "unserved"))

    @property
    def due_is_capped(self) -> bool:
        return self.due >= LINE_READ

    @property
    def oldest(self) -> Line | None:
        """The due job that has waited longest."""
        waiting = self._which("served", "unserved")
        return max(waiting, key=lambda line: line.age or NO_TIME, default=None)

    @property
    def is_late(self) -> bool:
        return self.oldest is not None and (self.oldest.age or NO_TIME) > LATE

    @property
    def errors(self) -> int:
        return self._which("error")[0].count

    @property
    def errors_are_capped(self) -> bool:
        return self.errors >= ERRORS_READ
