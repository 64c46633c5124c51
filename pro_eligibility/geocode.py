"""The rows that wait become places, one request and one commit at a time."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from jobs.content import printable
from jobs.running import RunningJob
from networks.geometry import WGS_84, in_france, to_lambert_93, to_wgs_84
from pro_eligibility import sql
from pro_eligibility.geocoding.client import Answer, Geocoder, Place, Question
from pro_eligibility.models import AddressRow, EligibilityTest, Reason, State

LONGEST_CITYCODE = 10


def geocode(test: EligibilityTest, job: RunningJob) -> int:
    """Ask about each row that waits, and return how many requests that took.

    What was committed is never asked again; an interrupted run loses one request at most.
    """
    reuse(test)
    clock = Clock(test.rows.waiting().count())
    geocoder = Geocoder.from_settings(
        told=lambda why: job.progress(
            test.row_count - clock.left, test.row_count, f"waiting for the geocoder; {why}"
        ),
        check=job.check_cancelled,
    )
    waiting, requests = test.rows.waiting().only("test", "query", "x", "y").order_by("number"), 0
    while rows := list(waiting[: rows_per_request()]):
        keep(test, rows, ask(geocoder, rows), clock)
        requests += 1
        job.progress(test.row_count - clock.left, test.row_count, clock.message())
    return requests


def rows_per_request() -> int:
    return int(settings.GEOCODER["rows_per_request"])


def reuse(test: EligibilityTest) -> None:
    """Take what was found a short while ago for the same address."""
    with connection.cursor() as cursor:
        # In a transaction of its own: its lock lets nobody else analyze until that ends.
        cursor.execute(sql.ANALYZE)
    with test.changing(), connection.cursor() as cursor:
        cursor.execute(sql.REUSE, {"test": test.pk, "reuse": settings.GEOCODER["reuse"]})


def ask(geocoder: Geocoder, rows: Sequence[AddressRow]) -> list[Answer]:
    if rows[0].query:
        return geocoder.search([Question(row.pk, row.query) for row in rows])
    points = to_wgs_84(shapely.points([(row.x, row.y) for row in rows]))
    return geocoder.reverse(
        [Place(row.pk, point.x, point.y) for row, point in zip(rows, points, strict=True)]
    )


def keep(
    test: EligibilityTest, rows: Sequence[AddressRow], answers: Sequence[Answer], clock: "Clock"
) -> None:
    """Write the answers in one transaction, unless the test was deleted meanwhile."""
    found = [given(row, answer) for row, answer in zip(rows, answers, strict=True) if not row.query]
    found += located([answer for row, answer in zip(rows, answers, strict=True) if row.query])
    clock.count(len(rows))
    with test.changing() as test, connection.cursor() as cursor:
        cursor.execute(sql.KEEP_ANSWERS, [list(column) for column in zip(*found, strict=True)])
        test.estimated_end_at = clock.end()
        test.save(update_fields=["estimated_end_at"])


def given(row: AddressRow, answer: Answer) -> tuple[Any, ...]:
    """A row whose file gave the place: the geocoder only adds an address to it."""
    return (
        row.pk, State.LOCATED.value, Reason.GIVEN.value, Jsonb({}), row.x, row.y,
        printable(answer.label), None, printable(answer.citycode)[:LONGEST_CITYCODE],
    )  # fmt: skip


def located(answers: Sequence[Answer]) -> list[tuple[Any, ...]]:
    """Rows for sql.KEEP_ANSWERS; a place beyond metropolitan France is said to be there."""
    degrees = [(answer.longitude or 0, answer.latitude or 0) for answer in answers]
    points = to_lambert_93(shapely.points(np.array(degrees).reshape(-1, 2)), WGS_84)
    return [row_of(answer, point) for answer, point in zip(answers, points, strict=True)]


def row_of(answer: Answer, point: Any) -> tuple[Any, ...]:
    state, reason, facts = judged(answer, point)
    x, y = (point.x, point.y) if state == State.LOCATED else (None, None)
    return (
        answer.id, state.value, reason.value, Jsonb(facts), x, y,
        printable(answer.label), answer.score, printable(answer.citycode)[:LONGEST_CITYCODE],
    )  # fmt: skip


def judged(answer: Answer, point: Any) -> tuple[State, Reason, dict[str, Any]]:
    if answer.refused:
        return State.INVALID, Reason.REFUSED, {"message": printable(answer.refused)}
    if not answer.found:
        return State.NOT_FOUND, Reason.NOT_FOUND, {}
    if not in_france(point):
        return State.INVALID, Reason.OUTSIDE, {"value": printable(answer.label)}
    return State.LOCATED, Reason.LOCATED, {"score": answer.score}


class Clock:
    """When the rows that are left will have been asked about, at the pace so far."""

    def __init__(self, rows: int) -> None:
        self.left, self.done, self._begun = rows, 0, time.monotonic()

    def count(self, rows: int) -> None:
        self.done += rows
        self.left = max(self.left - rows, 0)

    def seconds(self) -> float:
        return (time.monotonic() - self._begun) / max(self.done, 1) * self.left

    def end(self) -> Any:
        return timezone.now() + timedelta(seconds=self.seconds())

    def message(self) -> str:
        return f"geocoding; the end is expected at {timezone.localtime(self.end()):%H:%M}"
