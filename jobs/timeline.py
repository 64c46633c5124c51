"""The jobs by age, a part at a time: how much is read does not depend on what the table holds.

No index has all the jobs by age, for every job would be written to it three times. Those of one
type and one status lie by age in one index, and a part of the list is merged from all these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from jobs.models import Job
from jobs.models.schema import LISTED, OWNED, PROCESSING, Status

Owner = Literal["anybody", "system", "one user"]
Statement = tuple[str, Sequence[Any]]
# Stands for a type until it is known; no text of the database can be this.
ANY_TYPE = "\0"
OF_KIND = Q(RawSQL("jobs.type = kind.type", [], BooleanField()))
NEAR = 250  # jobs from the beginning

INDEXES = [
    f"{listed} AND {owned}"
    for listed in (
        "worker_id IS NULL AND finished_at IS NULL",
        "finished_at IS NOT NULL AND error IS NULL",
        "error IS NOT NULL",
    )
    for owned in ("user_id IS NULL", "user_id IS NOT NULL")
]
# The types that there are: the next is the least beyond the last, by one look into each index.
LEAST = "(SELECT min(type) FROM jobs WHERE {index} {beyond})"
FIRST, NEXT = (
    ", ".join(LEAST.format(index=index, beyond=beyond) for index in INDEXES)
    for beyond in ("", "AND type > known.type")
)
KNOWN = f"""
WITH RECURSIVE known (type) AS (
    SELECT least({FIRST})
    UNION ALL
    SELECT least({NEXT}) FROM known WHERE type IS NOT NULL
)
"""  # noqa: S608  of nothing but the above
TYPES = f"{KNOWN} SELECT type FROM known WHERE type IS NOT NULL"  # noqa: S608  likewise
OF_EACH = "SELECT part.* FROM unnest(%s::text[]) AS kind (type), LATERAL ({part}) AS part"
MERGED = "SELECT id FROM ({parts}) AS part ORDER BY created_at {way}, id {way} LIMIT %s OFFSET %s"
COUNTED = "SELECT count(*) FROM (SELECT FROM ({parts}) AS part LIMIT %s) AS counted"


@dataclass(frozen=True)
class Timeline:
    """Those of the jobs that have one of these statuses and types, by age; none means any.

    `shown` says what of them is read; `owner` whose jobs all of them are known to be.
    """

    jobs: QuerySet[Job]
    shown: QuerySet[Job]
    statuses: Sequence[str] = ()
    types: Sequence[str] = ()
    owner: Owner = "anybody"
    newest_first: bool = True

    def __getitem__(self, part: slice) -> QuerySet[Job]:
        # So many of each type are read and sorted; further on each type had better be read apart,
        # in a plan that takes the longer to make, but then reads what it needs and no more.
        parts, parameters = self._merged(part.stop, apart=part.stop > NEAR)
        if not parts:
            return self.shown.none()
        merged = MERGED.format(parts=parts, way="DESC" if self.newest_first else "ASC")
        parameters = [*parameters, part.stop - part.start, part.start]
        # By their key, whatever the planner believes of how many there are.
        these = RawSQL(f"jobs.id = ANY (ARRAY({merged}))", parameters, BooleanField())  # noqa: S611  Django's own
        return self.shown.filter(these).order_by(*self._order)

    def count(self, most: int) -> int:
        """How many there are; reads no more than `most`."""
        parts, parameters = self._merged(most, apart=False)
        if not parts:
            return 0
        with connections[self.jobs.db].cursor() as cursor:
            cursor.execute(COUNTED.format(parts=parts), [*parameters, most])
            return int(cursor.fetchone()[0])

    @property
    def selected(self) -> QuerySet[Job]:
        """The same jobs, to be asked for something else."""
        jobs = self.jobs.filter(status__in=self.statuses) if self.statuses else self.jobs
        return jobs.filter(type__in=self.types) if self.types else jobs

    @property
    def _order(self) -> tuple[str, str]:
        return ("-created_at", "-pk") if self.newest_first else ("created_at", "pk")

    def _merged(self, end: int, *, apart: bool) -> Statement:
        """The first `end` of each type and status, one after the other."""
        parts = list(self._parts(end, apart=apart))
        sql = " UNION ALL ".join(f"({part})" for part, _ in parts)
        return sql, [value for _, values in parts for value in values]

    def _parts(self, end: int, *, apart: bool) -> Iterable[Statement]:
        for status in self.statuses or Status.values:
            # What workers hold is little, and is sorted.
            if status == Status.PROCESSING:
                held = PROCESSING & Q(type__in=self.types) if self.types else PROCESSING
                yield from self._part(held, end)
                continue
            for indexed in self._indexed(status):
                yield from (self._apart if apart else self._together)(indexed, end)

    def _together(self, indexed: Q, end: int) -> Iterable[Statement]:
        for sql, values in self._part(indexed & OF_KIND, end):
            yield OF_EACH.format(part=sql), [list(self._types), *values]

    def _apart(self, indexed: Q, end: int) -> Iterable[Statement]:
        for sql, values in self._part(indexed & Q(type=ANY_TYPE), end):
            for name in self._types:
                yield sql, [name if value == ANY_TYPE else value for value in values]

    def _indexed(self, status: Any) -> list[Q]:
        """In the words of the indexes that have these jobs; what `jobs` says need not be said."""
        if status not in LISTED:
            return []
        if self.owner == "one user":
            return [Q(status=status)]
        if self.owner == "system":
            return [LISTED[status]]
        return [LISTED[status] & owned for owned in OWNED.values()]

    def _part(self, condition: Q, end: int) -> list[Statement]:
        """One statement, or none if nothing can meet its conditions."""
        part = self.jobs.filter(condition).order_by(*self._order).values("created_at", "id")
        try:
            return [part[:end].query.sql_with_params()]
        except EmptyResultSet:
            return []

    @cached_property
    def _types(self) -> Sequence[str]:
        if self.types:
            return self.types
        with connections[self.jobs.db].cursor() as cursor:
            cursor.execute(TYPES)
            return [name for (name,) in cursor.fetchall()]
