import pytest
from django.utils import timezone

from jobs.models import Job, queryset
from jobs.worker.ledger import Ledger
from jobs.worker.turn import due_of
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db


@pytest.fixture
def children(monkeypatch):
    """Five jobs, each waiting for another; a sweep looks at two."""
    monkeypatch.setattr(queryset, "SWEPT", 2)
    parents = [Job.objects.enqueue("paint", {}) for _ in range(5)]
    return [Job.objects.enqueue("paint", {}, after=parent) for parent in parents]


def finish_unseen(parent):
    """Finish a job as if its worker had been killed before it could settle what waits for it."""
    Job.objects.filter(pk=parent).update(status="finished", finished_at=timezone.now())


def test_a_sweep_settles_what_it_looks_at(children):
    finish_unseen(children[0].blocked_by)

    assert Job.objects.sweep() == (1, children[1].blocked_by)

    assert row(children[0])["due"]


def test_the_next_sweep_goes_on_where_the_last_one_ended(children):
    finish_unseen(children[4].blocked_by)

    _, past = Job.objects.sweep()
    _, past = Job.objects.sweep(past)
    assert not row(children[4])["due"]
    assert Job.objects.sweep(past) == (1, None)

    assert row(children[4])["due"]


def test_all_that_wait_for_one_job_are_settled_by_the_sweep_that_meets_it(children):
    first = Job.objects.get(pk=children[0].blocked_by)
    more = [Job.objects.enqueue("paint", {}, after=first) for _ in range(5)]
    finish_unseen(first.pk)

    assert Job.objects.sweep() == (6, first.pk)

    assert all(row(child)["due"] for child in more)


def test_a_worker_sweeps_part_after_part_and_begins_again(children):
    ledger = Ledger(slots=1, types=["paint"], choice=due_of(["paint"]))
    finish_unseen(children[2].blocked_by)

    parts = []
    for _ in range(4):
        ledger.others.look_after()
        parts.append(ledger.others.swept)

    assert row(children[2])["due"]
    assert parts == [children[1].blocked_by, children[3].blocked_by, None, children[1].blocked_by]
