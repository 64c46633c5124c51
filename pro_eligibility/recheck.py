"""Networks changed, and perhaps addresses with them: those in the boxes are looked at again."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import numpy as np
import shapely
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from jobs.running import RunningJob
from networks.geometry import WGS_84, to_lambert_93
from pro_eligibility import sql
from pro_eligibility.assess import assess_rows
from pro_eligibility.eligibility.snapshot import Snapshot
from pro_eligibility.eligibility.verdict import Transition
from pro_eligibility.errors import Discarded, Purged
from pro_eligibility.handlers import Box, Rechecked
from pro_eligibility.mail import tell_changes
from pro_eligibility.models import Assessment, EligibilityTest
from pro_eligibility.models.eligibility_test import build_tiles

Sides = tuple[list[float], list[float], list[float], list[float]]  # of boxes, in that order

HAIR, STEP = 0.00001, 0.01  # degrees


def recheck_all(job: RunningJob) -> Rechecked:
    """Assess the addresses in the boxes anew, record what changed, tell the owners."""
    boxes, snapshot = in_metres(job.data.bboxes), Snapshot.load()
    tests = concerned_tests(boxes)
    for done, test in enumerate(tests):
        job.progress(done, len(tests), "checking addresses again")
        recheck(test, boxes, snapshot, job)
    changed = changed_by(job.id)
    conclude(changed, job.id)
    return Rechecked(
        tests=len(tests), tests_changed=len(changed), addresses_changed=sum(changed.values())
    )


def in_metres(boxes: Sequence[Box]) -> Sides:
    """Boxes in Lambert-93 around these, whose edges are no straight lines there."""
    # Widened by a metre or so, because a box without any width has no edges to follow.
    shapes = shapely.box(*np.add(boxes, [-HAIR, -HAIR, HAIR, HAIR]).T)
    placed = to_lambert_93(shapely.segmentize(shapes, STEP), WGS_84)
    west, south, east, north = shapely.bounds(placed).T.tolist()
    return west, south, east, north


def concerned_tests(boxes: Sides) -> list[EligibilityTest]:
    with connection.cursor() as cursor:
        cursor.execute(sql.TESTS_IN_BOXES, boxes)
        return [EligibilityTest(pk=pk) for (pk,) in cursor.fetchall()]


def recheck(test: EligibilityTest, boxes: Sides, snapshot: Snapshot, job: RunningJob) -> None:
    inside = RawSQL(sql.ROWS_IN_BOXES, [*boxes, test.pk])  # noqa: S611  values are parameters
    # One that was deleted meanwhile is no reason to leave the others as they were.
    with suppress(Discarded, Purged):
        assess_rows(test, test.rows.located().filter(pk__in=inside), snapshot, job)


def changed_by(job_id: UUID) -> dict[UUID, int]:
    """The number of changed addresses by test, those found before an interruption included."""
    no_news = {Transition.INITIAL, Transition.NONE}
    changes = Assessment.objects.filter(job_id=job_id).exclude(transition__in=no_news)
    counts = changes.order_by().values_list("row__test").annotate(count=Count("row", distinct=True))
    return dict(counts)


@transaction.atomic
def conclude(changed: dict[UUID, int], job_id: UUID) -> None:
    """Say that the tests have changed, once for this job: a flag, one e-mail an owner, the map."""
    tests = EligibilityTest.objects.present().filter(pk__in=changed).exclude(changed_by=job_id)
    told = list(tests.select_for_update(no_key=True).order_by("pk"))
    if not told:
        return
    EligibilityTest.objects.filter(pk__in=[test.pk for test in told]).update(
        has_unseen_changes=True, changed_by=job_id, updated_at=Now()
    )
    build_tiles()
    tell_changes({test: changed[test.pk] for test in told})
