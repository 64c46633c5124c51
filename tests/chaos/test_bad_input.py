"""What handlers, people and older releases leave in the table."""

import pytest

from jobs.models import Job
from jobs.registry import job_types
from tests.chaos.conftest import NewWorker
from tests.chaos.database import row
from tests.chaos.probes import ended, enqueue, executions
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until
from tests.chaos.worker import manage


@pytest.fixture
def newer_job(database: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Job:
    """Enqueued by a release that knows more types than the workers do."""
    monkeypatch.setattr(job_types, "_types", dict(job_types._types))
    job_types.register("probe_newer", lambda job: None)
    return enqueue("newer")


def test_28_a_type_that_a_worker_does_not_know_is_left_for_one_that_does(
    new_worker: NewWorker, newer_job: Job, line: Line
) -> None:
    new_worker("--slots", 1).ready()
    known = enqueue("run", {})
    wait_until(lambda: ended(known))
    assert row(newer_job).status == "pending"
    health = manage("jobs_health")
    assert "probe_newer" in health.stdout + health.stderr

    new_worker("--slots", 1, PROBE_NEWER=1)
    wait_until(lambda: ended(newer_job))

    assert (row(newer_job).status, row(newer_job).lease) == ("finished", 1)


def test_28_process_job_ends_a_job_of_an_unknown_type(
    new_worker: NewWorker, newer_job: Job, line: Line
) -> None:
    process = manage("process_job", newer_job.pk)

    assert process.returncode == 1, process.stderr
    error = row(newer_job).error
    assert error["kind"] == "unknown_type"
    assert error["message"].startswith("No handler for job type 'probe_newer'. Registered: ")


def test_28_a_payload_that_no_longer_fits_ends_its_job(new_worker: NewWorker, line: Line) -> None:
    job = enqueue("again", {"error": "ValueError"})
    Job.objects.filter(pk=job.pk).update(data={"eror": "ValueError"})
    new_worker("--slots", 1)

    wait_until(lambda: ended(job))

    job = row(job)
    assert (job.status, job.error["kind"], job.attempts) == ("error", "invalid_payload", 1)
    assert job.error["message"] == (
        "probe_again: error: missing; eror: unknown field; this type takes error."
    )
    assert executions(job) == []


RETURNED = {
    "an object": "cannot be stored as JSON: Object of type object is not JSON serializable",
    "a set": "cannot be stored as JSON: it is a set, not a mapping",
    "NaN": "cannot be stored as JSON: Out of range float values are not JSON compliant",
    "50 MB": "is 50,000,012 bytes of JSON; the limit is 1,000,000",
    "NUL": "cannot be stored as JSON: it contains a NUL character",
    "a lone surrogate": "cannot be stored as JSON: 'utf-8' codec can't encode character",
}


@pytest.mark.parametrize("what", RETURNED)
def test_29_a_result_that_cannot_be_kept_ends_its_job_in_error(
    new_worker: NewWorker, line: Line, what: str
) -> None:
    worker = new_worker("--slots", 1).ready()
    job = enqueue("return", {"what": what})
    after = enqueue("run", {})

    wait_until(lambda: ended(job, after))

    job = row(job)
    assert (job.status, job.error["kind"], job.crashes) == ("error", "exception", 0)
    assert f"probe_return: the result {RETURNED[what]}" in job.error["message"]
    assert row(after).status == "finished"
    assert not worker.ended


ERRORS = {
    "ValueError": "ValueError: on purpose\\x00",
    "Unprintable": "Unprintable: (its message cannot be shown: RuntimeError)",
}


@pytest.mark.parametrize("error", ERRORS)
def test_29_an_error_that_cannot_be_shown_is_recorded_all_the_same(
    new_worker: NewWorker, line: Line, error: str
) -> None:
    worker = new_worker("--slots", 1).ready()
    job = enqueue("raise", {"error": error})
    after = enqueue("run", {})

    wait_until(lambda: ended(job, after))

    job = row(job)
    assert (job.status, job.error["kind"]) == ("error", "exception")
    assert job.error["message"] == ERRORS[error]
    assert "handlers.py" in job.error["traceback"]
    assert row(after).status == "finished"
    assert not worker.ended
