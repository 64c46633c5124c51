import os
import socket
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs.models import Worker
from jobs.worker.rounds import beat

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


def test_a_worker_is_believed_alive_for_one_lease(worker, settings):
    worker.refresh_from_db()

    assert worker.alive_until - worker.seen_at == settings.JOBS["lease"]
    assert list(Worker.objects.alive()) == [worker]


def test_a_beat_prolongs_the_lease(worker, settings):
    Worker.objects.update(alive_until=Now() + timedelta(seconds=1), seen_at="2020-01-01T00:00Z")

    assert beat(worker.pk)

    worker.refresh_from_db()
    assert worker.alive_until - worker.seen_at == settings.JOBS["lease"]


def test_a_beat_comes_too_late_once_the_lease_has_lapsed(worker):
    let_lapse(worker)

    assert beat(worker.pk) is None

    assert not Worker.objects.alive().exists()


def test_a_beat_of_a_buried_worker_is_refused(worker):
    let_lapse(worker)
    Worker.objects.bury()

    assert beat(worker.pk) is None


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


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_just_beating_is_not_buried(worker, session):
    let_lapse(worker)
    session.execute("SELECT FROM job_workers WHERE id = %s FOR UPDATE", worker.pk)

    assert Worker.objects.bury() == 0
