"""A page of the list of jobs, which never counts a big table."""

import json
from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet

from jobs.models import Job
from jobs.timeline import Timeline

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
    def of(
        cls, jobs: QuerySet[Job] | Timeline, every: Timeline, *, offset: int, limit: int
    ) -> Self:
        """A part of these jobs, in their order; `every` counts them."""
        found = list(jobs[offset : offset + limit + 1])
        has_next = len(found) > limit
        end = offset + len(found)  # counts one of the next page, if there is one
        if has_next:
            total = max(how_many(every), end)
        elif found or not offset:
            total = end
        else:
            total = min(how_many(every), offset)
        return cls(found[:limit], total, offset, limit, has_next)

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Total-Estimate": "true"} if self.total > MOST_COUNTED else {}


def how_many(jobs: Timeline) -> int:
    """The number of these jobs; beyond MOST_COUNTED, the number that the planner expects."""
    counted = jobs.count(MOST_COUNTED + 1)
    return counted if counted <= MOST_COUNTED else max(expected(jobs.selected), counted)


def expected(jobs: QuerySet[Job]) -> int:
    plan = json.loads(jobs.order_by().values("pk").explain(format="json"))[0]["Plan"]
    return int(plan["Plan Rows"])
