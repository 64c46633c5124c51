import os
import socket
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs.models import Job, Worker
from jobs.models.manager import NewJob
from jobs.worker.line import bounded_transaction
from jobs.worker.rounds import beat
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db


def let_lapse(*workers):
    Worker.objects.filter(pk__in=[worker.pk for worker in workers]).update(
        alive_until=Now() - timedelta(seconds=1)
    )


def test_a_worker_enlists_with_what_it_can_do():
    worker = Worker.enlist(slots=3, types=["paint", "ring"])

    worker.refresh_from_db()
    assert worker.name == f"{socket.gethostname()}:{os.getpid()}"
    assert (worker.slots, worker.types) == (3, ["paint", "ring"])


def test_a_worker_is_believed_alive_for_a_while(worker, settings):
    worker.refresh_from_db()

    assert worker.alive_until - worker.seen_at == settings.JOBS["alive_for"]
    assert list(Worker.objects.alive()) == [worker]


def test_a_beat_prolongs_its_life(worker, settings):
    Worker.objects.update(alive_until=Now() + timedelta(seconds=1), seen_at="2020-01-01T00:00Z")

    assert beat(worker.pk)

    worker.refresh_from_db()
    assert worker.alive_until - worker.seen_at == settings.JOBS["alive_for"]


def test_a_beat_comes_too_late_once_it_is_believed_dead(worker):
    let_lapse(worker)

    assert beat(worker.pk) is None

    assert not Worker.objects.alive().exists()


def test_a_beat_of_a_buried_worker_is_refused(worker):
    let_lapse(worker)
    Worker.objects.bury()

    assert beat(worker.pk) is None


def test_a_beat_tells_whether_another_worker_has_died(worker, other_worker):
    assert not beat(worker.pk).others_died

    let_lapse(other_worker)

    assert beat(worker.pk).others_died


@pytest.mark.django_db(transaction=True)
def test_a_beat_touches_nothing_but_the_row_of_its_worker(worker, claimed, session):
    """So nothing that happens to the table of jobs can end a worker."""
    session.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")

    with bounded_transaction():
        assert beat(worker.pk, running=[str(claimed.pk)])


def test_the_lapsed_are_buried_and_the_living_stay(worker, other_worker):
    let_lapse(worker)

    assert Worker.objects.bury() == 1

    assert list(Worker.objects.all()) == [other_worker]


def test_burying_nobody_is_fine(worker):
    assert Worker.objects.bury() == 0


def test_burying_a_worker_leaves_its_jobs_to_the_rescue(claimed, worker):
    let_lapse(worker)

    assert Worker.objects.bury() == 1

    claimed.refresh_from_db()
    assert (claimed.status, claimed.worker_id) == ("processing", worker.pk)


def test_what_a_dead_worker_ran_is_a_suspect(claim, worker):
    jobs = Job.objects.enqueue_many([NewJob(type="paint", data={}) for _ in range(3)])
    claim()
    beat(worker.pk, running=[str(jobs[1].pk)])
    let_lapse(worker)

    Worker.objects.bury()

    assert [row(job)["suspect"] for job in jobs] == [False, True, False]


def test_what_it_has_put_back_since_is_none(claimed, worker):
    beat(worker.pk, running=[str(claimed.pk)])
    claimed.release()
    let_lapse(worker)

    Worker.objects.bury()

    assert not row(claimed)["suspect"]


@pytest.mark.django_db(transaction=True)
def test_a_locked_job_does_not_keep_a_worker_from_being_buried(claimed, worker, session):
    beat(worker.pk, running=[str(claimed.pk)])
    let_lapse(worker)
    session.lock(claimed)

    assert Worker.objects.bury() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_just_beating_is_not_buried(worker, session):
    let_lapse(worker)
    session.execute("SELECT FROM job_workers WHERE id = %s FOR UPDATE", worker.pk)

    assert Worker.objects.bury() == 0
