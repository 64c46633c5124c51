"""Verdicts on many rows at once, and the history that they add to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from jobs.running import RunningJob
from pro_eligibility import sql
from pro_eligibility.eligibility.rules import RULES_VERSION
from pro_eligibility.eligibility.snapshot import Snapshot
from pro_eligibility.eligibility.transitions import transition
from pro_eligibility.eligibility.verdict import Transition, Verdict
from pro_eligibility.models import AddressRow, EligibilityTest

ROWS_AT_ONCE = 10_000


def assess_rows(
    test: EligibilityTest, rows: QuerySet[AddressRow], snapshot: Snapshot, job: RunningJob
) -> None:
    """Add to the history of each of these located rows of the test whose verdict has changed.

    Some rows a transaction, each under the lock of the test: histories do not interleave, and a
    person who changes the test does not wait for all of it.
    """
    rows = rows.select_related("assessment").order_by("pk")
    # By key, not by offset: pages far back would read all that comes before them.
    last = 0
    while True:
        job.check_cancelled()
        with test.changing():
            batch = list(rows.filter(pk__gt=last)[:ROWS_AT_ONCE])
            if not batch:
                return
            add(batch, snapshot, job.id)
        last = batch[-1].pk


def add(rows: Sequence[AddressRow], snapshot: Snapshot, job_id: UUID) -> None:
    verdicts = snapshot.assess(np.array([(row.x, row.y) for row in rows]))
    entries = [
        entry for row, after in zip(rows, verdicts, strict=True) if (entry := new(row, after))
    ]
    if entries:
        columns: list[Any] = [list(column) for column in zip(*entries, strict=True)]
        run: list[Any] = [job_id, snapshot.data_version, RULES_VERSION]
        with connection.cursor() as cursor:
            cursor.execute(sql.ADD_ASSESSMENTS, [*run, *columns])


def new(row: AddressRow, after: Verdict) -> tuple[Any, ...] | None:
    """The values of sql.ADD_ASSESSMENTS, if there is something to add."""
    change = transition(row.assessment.verdict if row.assessment else None, after)
    if change == Transition.NONE:
        return None
    return (row.pk, change.value, after.type.value, *after[1:])
