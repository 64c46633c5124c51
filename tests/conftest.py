"""What tests of several apps share."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from rest_framework.test import APIClient
from whitenoise.middleware import WhiteNoiseMiddleware

from jobs.registry import JobType, job_types
from jobs.running import RunningJob
from tests.database import django_db_modify_db_settings, django_db_setup
from tests.factories import UserFactory

__all__ = ["django_db_modify_db_settings", "django_db_setup"]


def pytest_collection_finish() -> None:
    """What is there now stays to the end: Python need not look for garbage in it."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once() -> Iterator[None]:
    """Each client has a middleware of its own, and each would look for the same files."""
    found: dict[str, Any] = {}
    find = WhiteNoiseMiddleware.add_files_from_finders

    def find_once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            find(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield


@pytest.fixture(autouse=True)
def no_public_geocoder(settings: Any) -> None:
    """A test that brings no stand-in asks nobody: nothing answers there."""
    settings.GEOCODER = settings.GEOCODER | {"url": "http://127.0.0.1:9"}


class Probe(BaseModel):
    word: str


class Probed(BaseModel):
    letters: int


def probe(job: RunningJob) -> Probed:
    return Probed(letters=len(job.data.word))


@pytest.fixture
def probe_type() -> Iterator[JobType]:
    """A type of job for as long as a test lasts: `probe {word}`, which counts the letters."""
    known = dict(job_types._types)
    yield job_types.register("probe", probe, payload=Probe, result=Probed)
    job_types._types = known


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient()


@pytest.fixture
def staff(db: None) -> APIClient:
    """An administrator's client, whose `user` is the administrator."""
    return client_of(UserFactory(staff=True))


def client_of(user: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    client.user = user
    return client
