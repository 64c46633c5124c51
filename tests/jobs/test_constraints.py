"""The database itself refuses nonsense, whoever writes it."""

import pytest
from django.db import IntegrityError, transaction

from jobs.models import Job

pytestmark = pytest.mark.django_db
NOW, FAILURE = "2026-01-01T00:00Z", {"kind": "exception", "message": "", "traceback": ""}
HELD = {"status": "processing", "worker_id": 1, "started_at": NOW}


def refused_by(job, **changes):
    """The name of the constraint that these changes violate."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**changes)
    return refusal.value.__cause__.diag.constraint_name


def test_a_status_is_one_of_four(pending):
    assert refused_by(pending, status="done") == "jobs_status_known"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "processing"},
        {"status": "processing", "worker_id": 1},
        {"status": "processing", "started_at": NOW},
        {"worker_id": 1},
    ],
)
def test_a_job_is_processing_if_and_only_if_a_worker_holds_it(pending, changes):
    assert refused_by(pending, **changes) == "jobs_processing_iff_held"


@pytest.mark.parametrize(
    "changes",
    [{"status": "finished"}, {"status": "error", "error": FAILURE}, {"finished_at": NOW}],
)
def test_a_job_has_an_end_if_and_only_if_it_has_ended(pending, changes):
    assert refused_by(pending, **changes) == "jobs_finished_at_iff_final"


@pytest.mark.parametrize(
    "changes",
    [
        {"error": FAILURE},
        {"status": "error", "finished_at": NOW},
        {"status": "finished", "finished_at": NOW, "error": FAILURE},
    ],
)
def test_a_job_has_an_error_if_and_only_if_it_ended_in_one(pending, changes):
    assert refused_by(pending, **changes) == "jobs_error_iff_error"


def test_a_job_that_waits_for_another_is_not_due(pending):
    assert refused_by(pending, blocked_by=pending.pk) == "jobs_blocked_is_not_due"


@pytest.mark.parametrize("priority", [-101, 101])
def test_priorities_are_within_their_range(pending, priority):
    assert refused_by(pending, priority=priority) == "jobs_priority_range"


@pytest.mark.parametrize(
    "changes",
    [{"lease": -1}, {"attempts": -1}, {"max_attempts": 0}, {"crashes": -1}, {"crashes": 5}],
)
def test_counts_are_within_their_range(pending, changes):
    assert refused_by(pending, **changes) == "jobs_counts_range"


def test_one_job_of_a_key_waits_at_most(pending):
    Job.objects.enqueue("paint", {}, unique_key="wall")

    assert refused_by(pending, unique_key="wall") == "jobs_one_pending_per_key"


def test_one_job_of_a_key_runs_at_most(claim):
    Job.objects.enqueue("paint", {}, unique_key="wall")
    claim()
    second = Job.objects.enqueue("paint", {}, unique_key="wall")

    assert refused_by(second, **HELD) == "jobs_one_running_per_key"


def test_jobs_without_a_key_wait_and_run_side_by_side(pending):
    other = Job.objects.enqueue("paint", {})

    assert Job.objects.filter(pk__in=[pending.pk, other.pk]).update(**HELD) == 2
