"""Handlers to attempt, without processes around them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections

from jobs.models import Job, Worker
from jobs.registry import job_types
from jobs.stops import Stop
from jobs.worker import line
from jobs.worker.attempt import Outcome, attempt
from jobs.worker.held import Held


@pytest.fixture
def handled_by() -> Iterator[Callable[..., Any]]:
    """Let this handler run the type `task` for one test."""
    yield lambda handler, **options: job_types.register("task", handler, **options)
    job_types._types.pop("task", None)


@pytest.fixture
def stop() -> Stop:
    return Stop()


@pytest.fixture
def attempted(stop: Stop) -> Callable[..., Outcome]:
    """How one attempt at `task` ends."""

    def how(data: Any = None, *, job: Job | None = None, attempts: int = 1) -> Outcome:
        job = job or Job(type="task", data=data or {}, attempts=attempts)
        text = json.dumps(job.data)
        held = Held(str(job.pk), job.lease, job.worker_id, job.type, job.attempts, data=text)
        return attempt(held, stop)

    return how


@pytest.fixture
def claimed() -> Callable[[], Job]:
    """A job of the type `task`, enqueued and claimed."""

    def claim() -> Job:
        Job.objects.enqueue("task", {})
        return Job.objects.ready().claim(Worker.enlist(slots=1, types=["task"]), limit=1)[0]

    return claim


@pytest.fixture
def probes() -> Iterator[None]:
    """Let this process enqueue some of the probe types; the commands have their handlers."""
    names = [f"probe_{name}" for name in ("noop", "object", "pid", "debug")]
    for name in names:
        job_types.register(name, lambda job: None)
    yield
    for name in names:
        del job_types._types[name]


@pytest.fixture
def own_settings() -> Iterator[None]:
    """The settings of the database as they were, once the test is over."""
    kept = {alias: dict(connections[alias].settings_dict) for alias in connections}
    for settings in kept.values():
        settings["OPTIONS"] = dict(settings["OPTIONS"])
    yield
    connection.close()
    line.given.clear()
    for alias, settings in kept.items():
        connections[alias].settings_dict.update(settings)
