from datetime import timedelta
from subprocess import CalledProcessError

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models.functions import Now
from pydantic import BaseModel, model_validator

from jobs.models import Job
from jobs.outcome import CANCELLED, Failure, PutBack
from jobs.registry import Backoff
from jobs.stops import Cancelled, Stop, TimedOut
from jobs.worker.attempt import Returned, attempt
from jobs.worker.held import Held
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


# -- other people's code ---------------------------------------------------------------------------


class Evil(BaseException):
    """An exception of which nothing can be asked."""

    def __str__(self):
        raise SystemExit("no words")

    __repr__ = __reduce__ = __str__
    __traceback__ = property(__str__)
    __cause__ = property(__str__)


class EvilWord(str):
    def __format__(self, how):
        raise RuntimeError("no words")

    replace = encode = __getitem__ = __format__


class SaidBadly(Exception):
    def __str__(self):
        return EvilWord("x")


def test_an_exception_of_which_nothing_can_be_asked_is_recorded(handled_by, attempted):
    handled_by(raising(Evil()))

    how = attempted()

    assert (how.kind, how.message) == (
        "exception",
        "Evil: (its message cannot be shown: SystemExit)",
    )
    assert "in handler" in how.as_json()["traceback"]


def test_a_message_that_is_no_plain_text_is_recorded(handled_by, attempted):
    handled_by(raising(SaidBadly()))

    message = "SaidBadly: (its message cannot be shown: RuntimeError)"
    assert attempted().as_json()["message"] == message


class Raises(BaseModel):
    word: str = ""

    @model_validator(mode="after")
    def never(self):
        raise SystemExit("no model")


@pytest.mark.parametrize("which", ["payload", "result"])
def test_a_model_that_raises_anything_fails_its_job(handled_by, attempted, which):
    handled_by(lambda job: {"word": "x"}, **{which: Raises})

    assert attempted().message == "SystemExit: no model"


def test_a_back_off_that_raises_fails_its_job(handled_by, attempted, monkeypatch):
    def after(backoff, failures, *, chance):
        raise ZeroDivisionError("no wait")

    monkeypatch.setattr(Backoff, "after", after)
    handled_by(raising(ValueError("no")), max_attempts=2)

    how = attempted()

    assert (how.message, how.repeatable) == ("ZeroDivisionError: no wait", False)
    assert "ValueError: no" in how.traceback


def test_a_failure_that_is_worth_another_attempt_says_how_long_it_waits(handled_by, attempted):
    backoff = Backoff(first=timedelta(seconds=7), jitter=0)
    handled_by(raising(ValueError()), max_attempts=3, backoff=backoff)

    assert attempted(attempts=2).wait == timedelta(seconds=14)


def test_the_last_failure_waits_for_nothing(handled_by, attempted):
    handled_by(raising(ValueError()), max_attempts=3)

    assert attempted(attempts=3).wait is None


# -- what is said of it ----------------------------------------------------------------------------


@pytest.mark.parametrize(("attempts", "level"), [(1, "WARNING"), (2, "ERROR")])
def test_a_failure_is_logged_with_its_traceback(handled_by, attempted, caplog, attempts, level):
    handled_by(raising(ValueError("no")), max_attempts=2)
    job = Job(type="task", attempts=attempts)

    attempted(job=job)

    (record,) = caplog.records
    assert record.getMessage() == f"Job {job.pk} (task) failed: ValueError: no"
    assert (record.name, record.levelname) == ("jobs.child", level)
    assert "in handler" in caplog.text


def test_a_log_handler_that_raises_changes_nothing(handled_by, attempted, monkeypatch):
    monkeypatch.setattr("jobs.worker.attempt.logger.log", raising(RuntimeError("no log")))
    handled_by(raising(ValueError("no")))

    assert attempted().message == "ValueError: no"


# -- what is not its fault -------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_job_whose_row_cannot_be_read_is_put_back(handled_by, attempted, monkeypatch):
    def away(held):
        raise OperationalError("too many clients already")

    monkeypatch.setattr("jobs.worker.attempt.data_of", away)
    handled_by(lambda job: None)

    assert attempted() == PutBack(
        timedelta(seconds=5), "its data cannot be read: too many clients already"
    )


@pytest.fixture
def newer(handled_by):
    """A job with a field that a newer release knows."""
    handled_by(lambda job: None, payload=Count)
    job = Job.objects.enqueue("task", {"count": 1})
    return Held(str(job.pk), 1, 1, "task", 1, data='{"count": 1, "colour": "red"}')


@pytest.mark.django_db
def test_a_job_of_a_newer_release_is_put_back_for_a_worker_that_knows_it(newer):
    assert attempt(newer, Stop()) == PutBack(
        timedelta(seconds=30),
        "a newer release has enqueued it: task: colour: unknown field; this type takes count.",
    )


@pytest.mark.django_db
def test_it_is_invalid_once_such_a_worker_is_not_to_be_expected_any_more(newer):
    Job.objects.filter(pk=newer.id).update(created_at=Now() - timedelta(minutes=11))

    assert attempt(newer, Stop()).kind == "invalid_payload"


@pytest.mark.django_db
def test_what_else_is_wrong_with_it_is_wrong_at_once(newer):
    newer.data = '{"count": "many", "colour": "red"}'

    assert attempt(newer, Stop()).kind == "invalid_payload"


@pytest.mark.parametrize("code", [-15, 143])
@pytest.mark.parametrize("how", ["cause", "context", "group", "itself"])
def test_an_error_by_a_sigterm_to_a_subprocess_is_told_apart(
    handled_by, attempted, monkeypatch, code, how
):
    ended = CalledProcessError(code, ["tippecanoe"])

    def handler(job):
        if how == "itself":
            raise ended
        if how == "group":
            raise ExceptionGroup("all", [ValueError(), ended])
        try:
            raise ended
        except CalledProcessError as error:
            raise RuntimeError("no tiles") from (error if how == "cause" else None)

    monkeypatch.setattr("jobs.worker.attempt.SIGNAL_ON_ITS_WAY", 0)
    handled_by(handler)

    assert attempted().by_sigterm


def test_a_subprocess_that_fails_by_itself_is_a_failure(handled_by, attempted):
    handled_by(raising(CalledProcessError(1, ["tippecanoe"])))

    assert not attempted().by_sigterm


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_the_commit_of_an_atomic_job_leaves_it_finished(
    handled_by, attempted, claimed, caplog
):
    handled_by(lambda job: transaction.on_commit(raising_hook), atomic=True)
    job = claimed()

    how = attempted(job=job)

    job.refresh_from_db()
    assert (how, job.status) == (Returned(None, written=True), "finished")
    assert caplog.messages == [
        f"Job {job.pk} (task) has finished, but what was to follow its commit failed: "
        "ZeroDivisionError: no hook"
    ]


def raising_hook():
    raise ZeroDivisionError("no hook")


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_the_database_refuses_is_a_failure(handled_by, attempted, claimed):
    def handler(job):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE twice (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);"
                "INSERT INTO twice VALUES (1), (1)"
            )

    handled_by(handler, atomic=True)
    job = claimed()

    how = attempted(job=job)

    job.refresh_from_db()
    assert how.message.startswith("IntegrityError: ")
    assert job.status == "processing"
