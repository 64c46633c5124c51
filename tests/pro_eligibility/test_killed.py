"""A worker that is killed at any moment: the results are those of an undisturbed run."""

import csv
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from jobs.models import Job
from networks.kinds import KINDS
from networks.loading import load
from pro_eligibility.models import EligibilityTest
from standins.geocoder.server import GeocoderStandin
from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker
from tests.factories import UserFactory
from tests.pro_eligibility.conftest import DATA

pytestmark = pytest.mark.django_db(transaction=True)

KILLS, ROWS_PER_REQUEST = 10, 5
RESULTS = [
    "number", "cells", "query", "state", "reason", "facts", "duplicate_of__number", "x", "y",
    "label", "score", "citycode", "assessment__type", "assessment__transition",
    "assessment__distance", "assessment__sncu", "assessment__commune",
]  # fmt: skip


@pytest.fixture
def geocoder(addresses):
    with GeocoderStandin(addresses, requests_per_second=None) as standin:
        yield standin


@pytest.fixture
def slow_geocoder(addresses):
    """So slow that the end does not come before ten kills, even where the machine is busy."""
    with GeocoderStandin(addresses, rows_per_second=60, requests_per_second=None) as standin:
        yield standin


@pytest.fixture
def environment():
    """For workers that hold a lease for a short time, so that the next one need not wait."""
    return {
        "GEOCODER_ROWS_PER_REQUEST": ROWS_PER_REQUEST,
        "GEOCODER_REQUESTS_PER_SECOND": 50,
        "GEOCODER_REUSE_DAYS": 0,
        "JOBS_HEARTBEAT_SECONDS": 0.5,
        "JOBS_ALIVE_FOR_SECONDS": 2,
    }


def upload():
    with (DATA / "addresses-gaz.csv").open(encoding="utf-8") as file:
        lines = [f"{row['address']} {row['commune']}" for row in csv.DictReader(file)]
    content = "\n".join(["adresse", *lines]).encode()
    return EligibilityTest.objects.upload(UserFactory(), filename="gaz.csv", content=content)


def results(test):
    return list(test.rows.order_by("number").values(*RESULTS))


Claim = tuple[UUID, int]


def claim_of(test: EligibilityTest) -> Claim | None:
    """Which claim of its job is at work."""
    test.refresh_from_db()
    job = Job.objects.get(pk=test.job_id)
    return (job.pk, job.lease) if job.status == Job.Status.PROCESSING else None


def claimed_anew(test: EligibilityTest, before: Claim | None) -> Claim:
    """Which claim of its job is at work, once it is another than before.

    The test is started anew by its owner where four deaths have ended its job.
    """

    def running() -> Claim | None:
        claim = claim_of(test)
        assert test.stage != "done", "it ended too early"
        if test.stage == "failed":
            test.start()
        return claim if claim != before else None

    return wait_until(running, seconds=30, what="the job claimed anew")


def has_ended(test: EligibilityTest) -> bool:
    test.refresh_from_db()
    return not test.is_active


def kill_children(worker: Worker, lost: Callable[[], bool]) -> int:
    """kill -9 every process that the worker started; return how often that had to be done.

    A child that was not given the job yet takes nothing along, so the next one is killed too.
    """
    blows, missed = 0, True
    while missed:
        blows += 1
        for child in psutil.Process(worker.pid).children():
            with suppress(psutil.NoSuchProcess):
                child.send_signal(signal.SIGKILL)
        with suppress(AssertionError):
            missed = not wait_until(lost, seconds=1)
    return blows


def test_ten_kills_lose_nothing_and_ask_for_little_twice(
    environment, geocoder, slow_geocoder, tmp_path: Path
):
    load(DATA / "heat-networks-idf.geojson", KINDS["heat-networks"])
    undisturbed, killed = upload(), upload()
    undisturbed.start()
    fast, slow = ({"GEOCODER_URL": one.url} | environment for one in (geocoder, slow_geocoder))
    Worker(tmp_path / "undisturbed.log", "--until-empty", **fast).until_empty()
    killed.start()
    seed = random.randrange(10**6)
    chance, workers, blows = random.Random(seed), [], 0

    def start() -> Worker:
        workers.append(Worker(tmp_path / f"{len(workers)}.log", **slow))
        return workers[-1]

    try:
        worker, claim = start(), None
        for _ in range(KILLS):
            claim = claimed_anew(killed, claim)
            time.sleep(chance.uniform(0, 0.6))
            if chance.random() < 0.3:
                blows += 1
                worker.kill()
                worker = start()
            else:
                blows += kill_children(worker, lambda held=claim: claim_of(killed) != held)
        claimed_anew(killed, claim)
        wait_until(lambda: has_ended(killed), seconds=60, what="the end")
    finally:
        for one in workers:
            one.end()

    assert killed.stage == "done", (seed, workers[-1].text[-2000:])
    assert results(killed) == results(undisturbed), seed
    again = slow_geocoder.counters.rows - geocoder.counters.rows
    assert 0 <= again <= blows * ROWS_PER_REQUEST, seed
