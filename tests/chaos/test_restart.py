"""PostgreSQL itself restarts under its workers: on a server of its own that may be stopped."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connections

from config.postgres import Server
from jobs.models import Job, Worker
from tests.chaos import cluster
from tests.chaos.cluster import line_to, thrown_away, url, used_by_this_process
from tests.chaos.conftest import NewWorker
from tests.chaos.database import ask, clock, row
from tests.chaos.probes import enqueue, enqueue_many, statuses
from tests.chaos.report import Line
from tests.chaos.waiting import wait_until
from tests.private_postgres.processes import postmaster
from tests.probe.models import Execution


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with thrown_away() as server:
        yield server


@pytest.fixture(scope="module")
def ours(server: Server, django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """Let this process use that server; what others need to do so too."""
    with django_db_blocker.unblock(), line_to(server) as line, used_by_this_process(*line):
        yield {"DATABASE_URL": url(*line), "DEBUG": "1"}


@pytest.fixture
def database(ours: dict[str, str]) -> Iterator[dict[str, str]]:
    connections["default"].close()  # a test that failed may have left it broken
    yield ours
    for model in (Job, Worker, Execution):
        model.objects.all().delete()


def stop(server: Server) -> None:
    """As an administrator does it: at once, without waiting for the clients."""
    connections["default"].close()
    os.kill(postmaster(server), signal.SIGINT)
    wait_until(lambda: not server.pid_file.exists())


def start(server: Server) -> Any:
    """Say since when it is there: a pooler in front of it may notice later."""
    cluster.start(server)
    return wait_until(started_at)


def started_at() -> Any:
    with suppress(OperationalError):
        return ask("SELECT pg_postmaster_start_time()")
    return connections["default"].close()


def test_15_a_restart_under_load_loses_nothing(
    server: Server, new_worker: NewWorker, line: Line
) -> None:
    workers = [new_worker("--slots", 2) for _ in range(2)]
    for worker in workers:
        worker.ready()
    meanwhile = enqueue_many(2, "sleep", {"seconds": 1.5})
    jobs = enqueue_many(600, "sleep", {"seconds": 0.05})
    wait_until(lambda: statuses(meanwhile) == {"processing": 2})
    wait_until(lambda: statuses(jobs).get("finished", 0) > 3)

    stop(server)
    wait_until(lambda: all("The database is away" in worker.text for worker in workers))
    back_at = start(server)
    done = statuses(jobs).get("finished", 0)
    wait_until(lambda: statuses(jobs).get("finished", 0) > done)
    line.measure("works on", (clock() - back_at).total_seconds(), under=10)

    wait_until(lambda: statuses(jobs + meanwhile) == {"finished": 602}, seconds=60)
    assert {(row(job).lease, row(job).attempts) for job in meanwhile} == {(1, 1)}
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}
    line.note(f"{Job.objects.filter(lease=1).count()} of 602 run once")


def test_15_an_outage_that_outlasts_the_lease_loses_nothing(
    server: Server, new_worker: NewWorker, line: Line
) -> None:
    workers = [
        new_worker("--slots", 3, JOBS_HEARTBEAT_SECONDS=1, JOBS_ALIVE_FOR_SECONDS=3)
        for _ in range(2)
    ]
    for worker in workers:
        worker.ready()
    jobs = enqueue_many(4, "sleep", {"seconds": 6})
    wait_until(lambda: statuses(jobs) == {"processing": 4})

    stop(server)
    wait_until(lambda: all("Lost the lease" in worker.text for worker in workers))
    back_at = start(server)
    again = enqueue("sleep", {})
    wait_until(lambda: row(again).status == "finished")
    line.measure("works on", (clock() - back_at).total_seconds(), under=10)

    wait_until(lambda: statuses(jobs) == {"finished": 4}, seconds=60)
    assert {(job.lease, job.attempts) for job in map(row, jobs)} == {(2, 1)}
