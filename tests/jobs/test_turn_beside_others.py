"""The statement of a busy worker, where somebody else has the row."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from jobs.models import Job
from jobs.worker.turn import due_of, turn
from tests.chaos.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PAINT = due_of(["paint"])


@pytest.fixture
def held(pending, worker):
    return turn(PAINT, worker.pk, {}, room=1, free=1).claimed[0]


def finish(worker, held):
    """In a session of its own, for it is called in a thread."""
    try:
        return turn(PAINT, worker.pk, {held: "{}"}, room=0, free=0)
    finally:
        connections.close_all()


def one_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_a_result_waits_for_whoever_has_the_row_for_a_moment(held, worker, session):
    """Mostly another worker, whose claim came too late."""
    session.lock(held.job())

    with ThreadPoolExecutor(1) as pool:
        turned = pool.submit(finish, worker, held)
        wait_until(one_waits_for_a_lock)
        session.commit()

    assert turned.result().finished == {held.id}


def test_a_row_that_stays_locked_is_passed_over_if_asked(held, worker, session):
    session.lock(held.job())

    turned = turn(PAINT, worker.pk, {held: "{}"}, room=0, free=0, skip_locked=True)

    assert turned.finished == set()


def test_a_locked_row_is_not_claimed(pending, worker, session):
    other = Job.objects.enqueue("paint", {})
    session.lock(pending)

    claimed = turn(PAINT, worker.pk, {}, room=2, free=2).claimed

    assert [held.id for held in claimed] == [str(other.pk)]
