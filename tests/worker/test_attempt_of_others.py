"""An attempt at a job whose handler, models or row were written, or broken, by other people."""

from datetime import timedelta
from subprocess import CalledProcessError

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from pydantic import BaseModel, model_validator

from jobs.models import Job
from jobs.outcome import PutBack
from jobs.registry import Backoff
from jobs.stops import Stop
from jobs.worker.attempt import Returned, attempt
from jobs.worker.held import Held
from tests.worker.test_attempt import Count, raising


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
