"""The statement of a busy worker, where somebody else has the row."""

import pytest

from jobs.models import Job
from jobs.worker.turn import due_of, turn

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_row_that_somebody_has_locked_is_not_finished_now(pending, worker, session):
    (held,) = turn(due_of(["paint"]), worker.pk, {}, room=1, suspects=1).claimed
    session.lock(held.job())

    assert turn(due_of(["paint"]), worker.pk, {held: "{}"}, room=0, suspects=0).finished == set()


def test_nor_claimed(pending, worker, session):
    other = Job.objects.enqueue("paint", {})
    session.lock(pending)

    claimed = turn(due_of(["paint"]), worker.pk, {}, room=2, suspects=2).claimed

    assert [held.id for held in claimed] == [str(other.pk)]
