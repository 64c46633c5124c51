"""One attempt at a job: read and check its data, call the handler, check the result."""

import json
import logging
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from subprocess import CalledProcessError
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.db.models.functions import Now
from pydantic import BaseModel

from jobs.conf import conf
from jobs.content import stored
from jobs.errors import InvalidPayload, JobError, UnknownJobType
from jobs.models import Job
from jobs.outcome import CANCELLED, Failure, PutBack, describe
from jobs.registry import JobType, job_types
from jobs.running import RunningJob
from jobs.stops import Stop, Stopped, TimedOut
from jobs.wake import database
from jobs.worker.held import Held

logger = logging.getLogger("jobs.child")

UNREADABLE_WAIT, UNKNOWN_FIELDS_WAIT = timedelta(seconds=5), timedelta(seconds=30)
ENDED_BY_SIGTERM = (-signal.SIGTERM, 128 + signal.SIGTERM)
SIGNAL_ON_ITS_WAY = 0.5  # seconds

Report = Callable[[dict[str, Any]], None]


class TakenOver(JobError):
    """The job is held by somebody else by now; what the handler did is rolled back."""


@dataclass(frozen=True)
class Returned:
    """The handler returned this JSON; `written` if its transaction has marked the job finished."""

    result: str | None
    written: bool = False


Outcome = Returned | Failure | PutBack


def attempt(held: Held, stop: Stop, *, report: Report = lambda progress: None) -> Outcome:
    """Run the handler and say how it ended, whatever it raises."""
    try:
        job_type = job_types[held.type]
    except UnknownJobType as error:
        return Failure("unknown_type", str(error))
    try:
        running = prepared(held, job_type, on_progress=report, stop=stop)
        if not isinstance(running, RunningJob):
            return running
        if job_type.atomic:
            returned = run_atomic(job_type, held.job(), running)
        else:
            returned = run(job_type, running)
        stop.check()
    except BaseException as error:
        return failure_of(error, held, job_type, stop)
    return returned


def prepared(held: Held, job_type: JobType, **options: Any) -> RunningJob | Failure | PutBack:
    """The job as its handler sees it, with its payload; or why there is nothing to run."""
    try:
        data = data_of(held)
    except (DatabaseError, InterfaceError) as error:
        return PutBack(UNREADABLE_WAIT, f"its data cannot be read: {error}")
    running = running_job(held, **options)
    try:
        running.data = job_type.validate(data)
    except InvalidPayload as error:
        if error.only_unknown and is_recent(held):
            return PutBack(UNKNOWN_FIELDS_WAIT, f"a newer release has enqueued it: {error}")
        return Failure("invalid_payload", str(error))
    return running


def is_recent(held: Held) -> bool:
    """Whether a worker may still be on its way that knows all the fields of the job."""
    since = Now() - conf().unknown_fields_wait
    try:
        return Job.objects.filter(pk=held.id, created_at__gt=since).exists()
    except (DatabaseError, InterfaceError):  # the next worker to claim it will see
        return True


def data_of(held: Held) -> str:
    """As JSON, read from the row where they are too large to be handed over."""
    return held.data or json.dumps(Job.objects.values_list("data", flat=True).get(pk=held.id))


def running_job(held: Held, **options: Any) -> RunningJob:
    return RunningJob(
        id=UUID(held.id),
        type=held.type,
        data=None,
        attempt=held.attempts,
        user_id=get_user_model()._meta.pk.to_python(held.user_id) if held.user_id else None,
        entity_id=UUID(held.entity_id) if held.entity_id else None,
        **options,
    )


def run(job_type: JobType, running: RunningJob) -> Returned:
    return Returned(checked(job_type, job_type.handler(running)))


def run_atomic(job_type: JobType, job: Job, running: RunningJob) -> Returned:
    """The handler's writes and the end of its job become visible together, or not at all."""
    line, committed = connections[database()], False
    nested = line.in_atomic_block

    def note_commit() -> None:
        nonlocal committed
        committed = True

    try:
        with transaction.atomic(using=database()):
            # The first of all that is to be done after the commit.
            transaction.on_commit(note_commit, using=database())
            returned = run(job_type, running)
            running.check_cancelled()
            # Unlike the supervisor, this may wait for whoever has the row locked.
            Job.objects.select_for_update(no_key=True).filter(pk=job.pk).first()
            if not job.finish(json.loads(returned.result or "null")):
                raise TakenOver(f"Job {job.pk} was taken over by another worker; rolled back.")
    except BaseException as error:
        if not committed:
            raise
        message = "Job %s (%s) has finished, but what was to follow its commit failed: %s"
        complain(message, job.pk, job.type, describe(error), exc_info=error)
    if line.in_atomic_block and not nested:  # then nothing was committed
        raise RuntimeError("The handler entered a transaction.atomic() and did not leave it.")
    return Returned(returned.result, written=True)


def checked(job_type: JobType, result: Any) -> str | None:
    """What the handler returned, as JSON that fits the type's result."""
    if result is None:
        return None
    if job_type.result is not None and not isinstance(result, BaseModel):
        result = job_type.result.model_validate(result)
    return stored(f"{job_type.name}: the result", result)


def failure_of(error: BaseException, held: Held, job_type: JobType, stop: Stop) -> Failure:
    """Whatever the project's exceptions and back-offs do themselves: it is this job's failure."""
    if stop.reason == "cancelled":
        return CANCELLED
    try:
        failure = described(error, job_type, stop)
        if failure.repeatable and held.attempts < job_type.max_attempts:
            failure = replace(failure, wait=wait_after(job_type, held.attempts))
    except BaseException as another:
        failure = Failure.of(another, repeatable=False)
    if failure.by_sigterm:  # the worker may be about to be told the same
        time.sleep(SIGNAL_ON_ITS_WAY)
    if not isinstance(error, TakenOver):
        say(failure, error, held)
    return failure


def described(error: BaseException, job_type: JobType, stop: Stop) -> Failure:
    if isinstance(error, Stopped) or stop.reason is not None:
        again = may_repeat_timeout(job_type.name)
        return Failure("timeout", overrun(job_type.timeout), repeatable=again)
    failure = Failure.of(error, repeatable=isinstance(error, job_type.retry_on))
    return replace(failure, by_sigterm=was_by_sigterm(error))


def wait_after(job_type: JobType, failures: int) -> timedelta:
    return job_type.backoff.after(failures, chance=random.random())  # noqa: S311  no secret


def was_by_sigterm(error: BaseException) -> bool:
    """Whether a process that the handler waited for was ended by it, as far as the error tells."""
    chain = [error]
    with suppress(BaseException):
        for link in chain:  # grows while it is walked
            if isinstance(link, CalledProcessError) and link.returncode in ENDED_BY_SIGTERM:
                return True
            more = (link.__cause__, link.__context__, *getattr(link, "exceptions", ()))
            chain += [other for other in more if other and all(other is not it for it in chain)]
    return False


def say(failure: Failure, error: BaseException, held: Held) -> None:
    """Log it where it happened, with its traceback, for whoever watches errors in there."""
    last = failure.wait is None and not failure.by_sigterm
    message, level = "Job %s (%s) failed: %s", logging.ERROR if last else logging.WARNING
    complain(message, held.id, held.type, failure.message, exc_info=error, level=level)


def complain(
    message: str, *values: object, exc_info: BaseException, level: int = logging.ERROR
) -> None:
    """No more can be done about a handler of the project's log that fails itself."""
    with suppress(BaseException):
        logger.log(level, message, *values, exc_info=exc_info)


def overrun(timeout: timedelta) -> str:
    return f"It ran longer than its timeout of {timeout.total_seconds():g} s."


def may_repeat_timeout(type: str) -> bool:
    return type in job_types and issubclass(TimedOut, job_types[type].retry_on)
