"""A whole test of addresses, from the upload to the results, against the stand-in geocoder."""

import csv
import io
import itertools
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test.runner import DiscoverRunner

from accounts.models import User
from bench.eligibility.world import World
from jobs.running import RunningJob
from networks.models import HeatNetwork, NetworkUnderConstruction
from pro_eligibility.geocoding.service import Service
from pro_eligibility.handlers import RunTest, run_test
from pro_eligibility.models import EligibilityTest

BASE = settings.BASE_DIR
ADDRESSES = BASE / "data" / "ban-sample.ndjson"
SEED = 20_000


class Waited:
    """Seconds spent in requests to the geocoder."""

    def __init__(self) -> None:
        self.seconds, self._post = 0.0, Service.post

    def post(self, service: Service, *arguments: Any) -> bytes:
        began = time.perf_counter()
        try:
            return self._post(service, *arguments)
        finally:
            self.seconds += time.perf_counter() - began


def run(world: World, content: bytes, *, rows_per_second: float | None) -> tuple[float, float]:
    """Seconds in all, and of those the seconds spent waiting for the geocoder."""
    waited = Waited()
    with database(), geocoder(rows_per_second):
        HeatNetwork.objects.bulk_create(world.heat)
        NetworkUnderConstruction.objects.bulk_create(world.future)
        owner = User.objects.create_user("bench")
        Service.post = lambda *arguments: waited.post(*arguments)  # type: ignore[method-assign]
        test = EligibilityTest.objects.upload(owner, filename="bench.csv", content=content)
        job = test.start()
        began = time.perf_counter()
        done = run_test(RunningJob(id=job.pk, type=job.type, data=RunTest(test_id=test.pk)))
        seconds = time.perf_counter() - began
    assert done.rows == test.row_count, done
    return seconds, waited.seconds


@contextmanager
def database() -> Iterator[None]:
    """An empty one of its own, gone afterwards."""
    runner = DiscoverRunner(verbosity=0, interactive=False)
    names = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(names)


@contextmanager
def geocoder(rows_per_second: float | None) -> Iterator[None]:
    command = [sys.executable, "-m", "standins.geocoder", "--until-eof"]
    command += ["--addresses", str(ADDRESSES), "--requests-per-second", "0"]
    if rows_per_second:
        command += ["--rows-per-second", str(rows_per_second)]
    with subprocess.Popen(
        command, cwd=BASE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        settings.GEOCODER = settings.GEOCODER | {
            "url": process.stdout.readline().strip(),
            "requests_per_second": 50,
            "reuse": timedelta(0),
        }
        try:
            yield
        finally:
            process.terminate()


def addresses(count: int) -> bytes:
    """So many different ones: every number of the streets of the sample."""
    with (BASE / "data" / "addresses-gaz.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    streets = [f"{row['address'].lstrip('0123456789 ')} {row['commune']}" for row in rows]
    numbered = (f"{n} {street}" for n in itertools.count(1) for street in dict.fromkeys(streets))
    return "\n".join(["adresse", *itertools.islice(numbered, count)]).encode()


def coordinates(count: int) -> bytes:
    """So many points of Île-de-France."""
    chance, text = random.Random(SEED), io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["lat", "lon"])
    for _ in range(count):
        rows.writerow([f"{chance.uniform(48.2, 49.2):.6f}", f"{chance.uniform(1.6, 3.4):.6f}"])
    return text.getvalue().encode()
