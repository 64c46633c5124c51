"""A queue with one type of job, one worker, and jobs in every state."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import F
from pydantic import BaseModel

from jobs.models import Job, Worker
from jobs.outcome import Failure
from jobs.registry import job_types
from tests.jobs.sessions import Session


class Paint(BaseModel):
    colour: str = "red"
    coats: int = 1


@pytest.fixture
def register() -> Iterator[Callable[..., Any]]:
    """Register a job type for one test."""
    known = dict(job_types._types)
    yield lambda name, **options: job_types.register(name, lambda job: None, **options)
    job_types._types = known


@pytest.fixture(autouse=True)
def paint(register):
    return register("paint", payload=Paint)


@pytest.fixture
def worker():
    return Worker.enlist(slots=4, types=["paint"])


@pytest.fixture
def other_worker():
    return Worker.enlist(slots=4, types=["paint"])


@pytest.fixture
def pending():
    return Job.objects.enqueue("paint", {})


@pytest.fixture
def claim(worker):
    """Claim what is ready, as the worker."""
    return lambda limit=100: Job.objects.ready().claim(worker, limit=limit)


@pytest.fixture
def claimed(pending, claim):
    """A job as its holder knows it."""
    return claim()[0]


@pytest.fixture
def failed(claimed):
    claimed.fail(Failure("exception", "ValueError: no paint", "line 1"))
    claimed.refresh_from_db()
    return claimed


@pytest.fixture
def finished(claimed):
    claimed.finish({"painted": 1})
    claimed.refresh_from_db()
    return claimed


LOST = {
    "claimed anew": lambda job, other: Job.objects.filter(pk=job.pk).update(lease=F("lease") + 1),
    "held by another": lambda job, other: Job.objects.filter(pk=job.pk).update(worker=other),
    "rescued": lambda job, other: Job.objects.get(pk=job.pk).rescue("it was killed"),
    "ended": lambda job, other: Job.objects.get(pk=job.pk).finish({}),
}


@pytest.fixture(params=LOST)
def lost(request, claimed, other_worker):
    """A job as a worker knows it that holds it no longer."""
    LOST[request.param](claimed, other_worker)
    return claimed


@pytest.fixture
def session() -> Iterator[Session]:
    """Somebody else's session on the same database."""
    with Session() as session:
        yield session


@pytest.fixture
def heard() -> Iterator[Callable[[], list[str]]]:
    """What a listening worker has heard so far."""
    given = connection.get_connection_params()
    wanted = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    line = psycopg.connect(dbname=given["dbname"], autocommit=True, **wanted)
    line.execute("LISTEN jobs")
    # What was sent before an answer has arrived with it, so a moment without news is enough.
    yield lambda: [notice.payload for notice in line.notifies(timeout=0.2)]
    line.close()
