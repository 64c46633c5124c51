"""A whole test of addresses, from the upload to the results, by a real worker."""

import csv
import io
import itertools
import os
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections

from accounts.models import User
from bench.database import database
from bench.eligibility.world import World
from jobs.models import Job
from networks.models import HeatNetwork, NetworkUnderConstruction
from pro_eligibility.models import EligibilityTest

BASE = settings.BASE_DIR
ADDRESSES = BASE / "data" / "ban-sample.ndjson"
SEED = 20_000
WORKER = ["manage.py", "run_jobs", "--until-empty", "--types", "pro_eligibility_test"]


def run(world: World, content: bytes, *, rows_per_second: float | None) -> tuple[float, int]:
    """Seconds that the job took, and the peak of memory of its process as getrusage counts it."""
    with database(), geocoder(rows_per_second) as url:
        HeatNetwork.objects.bulk_create(world.heat)
        NetworkUnderConstruction.objects.bulk_create(world.future)
        owner = User.objects.create_user("bench")
        test = EligibilityTest.objects.upload(owner, filename="bench.csv", content=content)
        job = test.start()
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.probe.settings",
            "PROBE_DATABASE": connection.settings_dict["NAME"],
            "GEOCODER_URL": url,
            "GEOCODER_REQUESTS_PER_SECOND": "50",
            "LOG_LEVEL": "WARNING",
        }
        connections.close_all()
        subprocess.run(
            [sys.executable, *WORKER], cwd=BASE, env=os.environ | environment, check=True
        )
        done = Job.objects.get(pk=job.pk)
    if not (done.result and done.started_at and done.finished_at):
        raise RuntimeError(f"The job ended in error: {done.error}")
    seconds = (done.finished_at - done.started_at).total_seconds()
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@contextmanager
def geocoder(rows_per_second: float | None) -> Iterator[str]:
    command = [sys.executable, "-m", "standins.geocoder", "--until-eof"]
    command += ["--addresses", str(ADDRESSES), "--requests-per-second", "0"]
    if rows_per_second:
        command += ["--rows-per-second", str(rows_per_second)]
    with subprocess.Popen(
        command, cwd=BASE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
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
