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
from pro_eligibility.eligibility.verdict import Verdict
from pro_eligibility.models import AddressRow, EligibilityTest

ROWS_AT_ONCE = 10_000


def assess_rows(
    test: EligibilityTest, rows: QuerySet[AddressRow], snapshot: Snapshot, job: RunningJob
) -> None:
    """Add to the history of each of these located rows of the test whose verdict has changed.

    Some rows a transaction, each under the lock of the test: histories do not interleave, and a
    person who changes the test does not wait for all of it. Each by the networks as they are then:
    a job that is late does not write over what another found by newer ones.
    """
    rows = rows.select_related("assessment").defer("cells", "facts", "query", "label")
    rows = rows.order_by("number")
    # By number, not by offset: pages far back would read all that comes before them.
    last = 0
    while True:
        job.check_cancelled()
        with test.changing():
            if not snapshot.is_current():
                snapshot = Snapshot.load()
            batch = list(rows.filter(number__gt=last)[:ROWS_AT_ONCE])
            if not batch:
                return
            add(test, batch, snapshot, job.id)
        last = batch[-1].number


def add(
    test: EligibilityTest, rows: Sequence[AddressRow], snapshot: Snapshot, job_id: UUID
) -> None:
    verdicts = snapshot.assess(np.array([(row.x, row.y) for row in rows]))
    entries = [
        entry for row, after in zip(rows, verdicts, strict=True) if (entry := new(row, after))
    ]
    if entries:
        columns: list[Any] = [list(column) for column in zip(*entries, strict=True)]
        run: list[Any] = [job_id, snapshot.data_version, RULES_VERSION]
        with connection.cursor() as cursor:
            cursor.execute(sql.ADD_ASSESSMENTS, [*run, *columns, test.pk])


def new(row: AddressRow, after: Verdict) -> tuple[Any, ...] | None:
    """The values of sql.ADD_ASSESSMENTS, if there is something to add.

    Also where the situation is the same, but a figure or a few metres are not: such an entry has
    the transition `none`, and nobody is told of it.
    """
    before = row.assessment.verdict if row.assessment else None
    if after == before:
        return None
    return (row.pk, transition(before, after).value, after.type.value, *after[1:])
