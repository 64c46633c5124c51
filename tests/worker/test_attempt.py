from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from pydantic import BaseModel

from jobs.models import Job
from jobs.outcome import CANCELLED, Failure
from jobs.stops import Cancelled, TimedOut
from jobs.worker.attempt import Returned
from tests.factories import UserFactory


class Count(BaseModel):
    count: int


def raising(error):
    def handler(job):
        raise error

    return handler


def test_what_the_handler_returns_is_the_result(handled_by, attempted):
    handled_by(lambda job: {"double": job.data.count * 2}, payload=Count)

    assert attempted({"count": 2}) == Returned('{"double": 4}')


def test_a_handler_may_return_nothing(handled_by, attempted):
    handled_by(lambda job: None)

    assert attempted() == Returned(None)


def test_a_result_is_checked_against_its_model(handled_by, attempted):
    handled_by(lambda job: {"count": "many"}, result=Count)

    how = attempted()

    assert how.kind == "exception"
    assert "valid integer" in how.message


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"x": float("nan")}, "NotStorable: task: the result cannot be stored as JSON: "),
        ({"x": "\x00"}, "NotStorable: task: the result cannot be stored as JSON: it contains"),
        ({"x": "\ud800"}, "NotStorable: task: the result cannot be stored as JSON: "),
        ({"x": object()}, "NotStorable: task: the result cannot be stored as JSON: "),
        ([1], "NotStorable: task: the result cannot be stored as JSON: it is a list"),
        ({"x": "a" * 1_000_000}, "TooLarge: task: the result is 1,000,009 bytes of JSON; "),
    ],
)
def test_a_result_that_cannot_be_kept_is_a_failure(handled_by, attempted, result, reason):
    handled_by(lambda job: result)

    how = attempted()

    assert how.kind == "exception"
    assert how.message.startswith(reason)


@pytest.mark.parametrize(
    "error", [ValueError("no"), SystemExit("no"), KeyboardInterrupt("no"), MemoryError("no")]
)
def test_whatever_the_handler_raises_is_its_failure(handled_by, attempted, error):
    handled_by(raising(error))

    how = attempted()

    assert (how.kind, how.message) == ("exception", f"{type(error).__name__}: no")
    assert "in handler" in how.traceback


def test_an_exception_that_cannot_be_printed_is_recorded_all_the_same(handled_by, attempted):
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError

    handled_by(raising(Unprintable()))

    message = "Unprintable: (its message cannot be shown: RuntimeError)"
    assert attempted().message == message


def test_a_nul_in_a_message_is_shown_as_an_escape(handled_by, attempted):
    handled_by(raising(ValueError("a\x00b")))

    assert attempted().as_json()["message"] == "ValueError: a\\x00b"


def test_data_that_no_longer_fits_ends_the_job_without_another_attempt(handled_by, attempted):
    handled_by(lambda job: None, payload=Count, max_attempts=5)

    how = attempted({"number": 1})

    expected = "task: count: missing; number: unknown field; this type takes count."
    assert how == Failure("invalid_payload", expected, repeatable=False)


def test_a_type_that_nobody_handles_is_named(attempted):
    how = attempted()

    assert how.kind == "unknown_type"
    assert how.message.startswith("No handler for job type 'task'. Registered: ")


def test_only_the_exceptions_of_retry_on_are_worth_another_attempt(handled_by, attempted):
    handled_by(raising(ValueError()), retry_on=(OSError,), max_attempts=2)

    assert not attempted().repeatable


def test_by_default_every_exception_is_worth_another_attempt(handled_by, attempted):
    handled_by(raising(ValueError()), max_attempts=2)

    assert attempted().repeatable


@pytest.mark.parametrize("swallow", [True, False])
def test_a_handler_out_of_time_ends_as_a_timeout(handled_by, attempted, stop, swallow):
    def handler(job):
        stop.reason = "timeout"
        if not swallow:
            raise TimedOut

    handled_by(handler, timeout=timedelta(seconds=90))

    how = attempted()

    assert (how.kind, how.message) == ("timeout", "It ran longer than its timeout of 90 s.")


def test_a_cancelled_handler_has_no_other_attempt(handled_by, attempted, stop):
    def handler(job):
        stop.reason = "cancelled"
        raise Cancelled

    handled_by(handler, max_attempts=5)

    assert attempted() == CANCELLED


def test_check_cancelled_raises_once_the_job_is_to_stop(handled_by, attempted, stop):
    def handler(job):
        job.check_cancelled()
        stop.reason = "cancelled"
        job.check_cancelled()
        raise AssertionError("not stopped")

    handled_by(handler)

    assert attempted() == CANCELLED


@pytest.mark.django_db(transaction=True)
def test_an_atomic_handler_finishes_its_job_in_its_own_transaction(handled_by, attempted, claimed):
    handled_by(lambda job: {"user": str(UserFactory(username="made").pk)}, atomic=True)
    job = claimed()

    how = attempted(job=job)

    job.refresh_from_db()
    assert how.written
    assert job.status == Job.Status.FINISHED


@pytest.mark.django_db(transaction=True)
def test_an_atomic_handler_whose_job_was_taken_over_leaves_nothing(
    handled_by, attempted, claimed, django_user_model
):
    job_of_another = []

    def handler(job):
        UserFactory(username="made")
        Job.objects.filter(pk=job_of_another[0].pk).update(lease=2)

    handled_by(handler, atomic=True)
    job_of_another.append(claimed())

    how = attempted(job=job_of_another[0])

    assert how.message.startswith("TakenOver: ")
    assert not django_user_model.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_atomic_handler_that_leaves_its_transaction_open_fails(handled_by, attempted, claimed):
    handled_by(lambda job: transaction.atomic().__enter__(), atomic=True)

    how = attempted(job=claimed())
    connection.close()
    del connections["default"]

    assert how.message.endswith("entered a transaction.atomic() and did not leave it.")
