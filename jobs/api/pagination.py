"""A page of the list of jobs, which never counts a big table."""

import json
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from jobs.models import Job

MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Page:
    """Some of the jobs, whether more follow (always exact), and how many there are in all."""

    jobs: list[Job]
    total: int  # beyond MOST_COUNTED an estimate
    offset: int
    limit: int
    has_next: bool

    @classmethod
    def of(cls, jobs: QuerySet[Job], *, offset: int, limit: int) -> Self:
        found = list(jobs[offset : offset + limit + 1])
        has_next = len(found) > limit
        end = offset + len(found)  # counts one of the next page, if there is one
        if has_next:
            total = max(how_many(jobs), end)
        elif found or not offset:
            total = end
        else:
            total = min(how_many(jobs), offset)
        return cls(found[:limit], total, offset, limit, has_next)

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Total-Estimate": "true"} if self.total > MOST_COUNTED else {}


def how_many(jobs: QuerySet[Job]) -> int:
    """The number of these jobs; beyond MOST_COUNTED, the number that the planner expects."""
    rows = jobs.order_by().values("pk")
    counted = rows[: MOST_COUNTED + 1].count()
    return counted if counted <= MOST_COUNTED else max(expected(rows), counted)


def expected(rows: QuerySet[Job, Any]) -> int:
    plan = json.loads(rows.explain(format="json"))[0]["Plan"]
    return int(plan["Plan Rows"])
