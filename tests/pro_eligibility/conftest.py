"""A geocoder, networks and a way to run a test's job in this process."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from jobs.models import Job
from jobs.running import RunningJob
from networks.kinds import KINDS
from networks.loading import load
from pro_eligibility.handlers import RowsTested, RunTest, run_test
from pro_eligibility.models import EligibilityTest
from standins.geocoder.index import Index
from standins.geocoder.server import GeocoderStandin
from tests.factories import UserFactory

DATA = Path(project.BASE_DIR, "data")


@pytest.fixture(scope="session")
def addresses() -> Index:
    return Index.read(DATA / "ban-sample.ndjson")


@pytest.fixture
def geocoder(addresses: Index, settings: Any) -> Iterator[GeocoderStandin]:
    """The stand-in that the settings point to, asked about few rows at a time and not for long."""
    with GeocoderStandin(addresses, requests_per_second=None) as standin:
        settings.GEOCODER = {
            "url": standin.url,
            "rows_per_request": 4,
            "requests_per_second": 50,
            "timeout": timedelta(seconds=5),
            "patience": timedelta(0),
            "reuse": timedelta(days=90),
        }
        yield standin


@pytest.fixture
def networks(db: None) -> None:
    """The real heat networks of the sample."""
    load(DATA / "heat-networks-idf.geojson", KINDS["heat-networks"])


@pytest.fixture
def owner(db: None) -> Any:
    return UserFactory(email="alice@example.org")


@pytest.fixture
def upload(owner: Any) -> Callable[..., EligibilityTest]:
    """A test from these lines, as its owner uploads them."""

    def upload(*lines: str, **options: Any) -> EligibilityTest:
        content = "\n".join(lines).encode()
        return EligibilityTest.objects.upload(owner, filename="a.csv", content=content, **options)

    return upload


@pytest.fixture
def run() -> Callable[..., RowsTested]:
    """Starts a test, unless it was, and does what its worker would."""

    def run(test: EligibilityTest, *, job: Job | None = None, **options: Any) -> RowsTested:
        job = job or test.start()
        running = RunningJob(id=job.pk, type=job.type, data=RunTest(test_id=test.pk), **options)
        done = run_test(running)
        Job.objects.filter(pk=job.pk).update(status=Job.Status.FINISHED, finished_at=job.created_at)
        test.refresh_from_db()
        return done

    return run
