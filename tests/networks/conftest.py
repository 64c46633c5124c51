"""Jobs that follow geometry updates, for as long as a test lasts."""

from collections.abc import Callable, Iterator

import pytest
from pydantic import BaseModel

from jobs.registry import job_types


class OfSource(BaseModel):
    name: str


class OfBoxes(BaseModel):
    bboxes: list[tuple[float, float, float, float]]


FOLLOWERS: dict[str, type[BaseModel]] = {
    "sync_geometries_to_airtable": OfSource,
    "sync_metadata_from_airtable": OfSource,
    "build_tiles": OfSource,
    "pro_eligibility_test_notify_changes": OfBoxes,
}


@pytest.fixture
def installed() -> Iterator[Callable[..., None]]:
    """Let apps run these types of job and no others."""
    known = dict(job_types._types)

    def install(*names: str) -> None:
        job_types._types = {}
        for name in names:
            job_types.register(name, lambda job: None, payload=FOLLOWERS[name])

    yield install
    job_types._types = known


@pytest.fixture
def all_installed(installed: Callable[..., None]) -> None:
    installed(*FOLLOWERS)
