"""One attempt at a job: check the data, call the handler, check the result."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connections, transaction
from pydantic import BaseModel

from jobs.content import stored
from jobs.errors import InvalidPayload, JobError, UnknownJobType
from jobs.models import Job
from jobs.outcome import CANCELLED, Failure
from jobs.registry import JobType, job_types
from jobs.running import RunningJob
from jobs.stops import Stop, Stopped, TimedOut
from jobs.wake import database


class TakenOver(JobError):
    """The job is held by somebody else by now; what the handler did is rolled back."""


@dataclass(frozen=True)
class Returned:
    """The handler returned this JSON; `written` if its transaction has marked the job finished."""

    result: str | None
    written: bool = False


def attempt(running: RunningJob, stop: Stop, job: Callable[[], Job]) -> Returned | Failure:
    """Run the handler and say how it ended, whatever it raises. `job` gives the job's row."""
    try:
        job_type = job_types[running.type]
    except UnknownJobType as error:
        return Failure("unknown_type", str(error))
    try:
        running.data = job_type.validate(running.data)
    except InvalidPayload as error:
        return Failure("invalid_payload", str(error))
    try:
        if job_type.atomic:
            returned = run_atomic(job_type, job(), running)
        else:
            returned = run(job_type, running)
        stop.check()
    except BaseException as error:
        return failure_of(error, job_type, stop)
    return returned


def run(job_type: JobType, running: RunningJob) -> Returned:
    return Returned(checked(job_type, job_type.handler(running)))


def run_atomic(job_type: JobType, job: Job, running: RunningJob) -> Returned:
    """The handler's writes and the end of its job become visible together, or not at all."""
    line = connections[database()]
    nested = line.in_atomic_block
    with transaction.atomic(using=database()):
        returned = run(job_type, running)
        running.check_cancelled()
        # Unlike the supervisor, this may wait for whoever has the row locked.
        Job.objects.select_for_update(no_key=True).filter(pk=job.pk).first()
        if not job.finish(json.loads(returned.result or "null")):
            raise TakenOver(f"Job {job.pk} was taken over by another worker; rolled back.")
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


def failure_of(error: BaseException, job_type: JobType, stop: Stop) -> Failure:
    if isinstance(error, Stopped) or stop.reason is not None:
        return stopped(job_type, stop)
    return Failure.of(error, repeatable=isinstance(error, job_type.retry_on))


def stopped(job_type: JobType, stop: Stop) -> Failure:
    if stop.reason == "cancelled":
        return CANCELLED
    return Failure(
        "timeout", overrun(job_type.timeout), repeatable=may_repeat_timeout(job_type.name)
    )


def overrun(timeout: timedelta) -> str:
    return f"It ran longer than its timeout of {timeout.total_seconds():g} s."


def may_repeat_timeout(type: str) -> bool:
    return type in job_types and issubclass(TimedOut, job_types[type].retry_on)
