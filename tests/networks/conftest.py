"""Jobs that follow changes, for as long as a test lasts, and what they are about."""

from collections.abc import Callable, Iterable, Iterator

import pytest
from pydantic import BaseModel
from shapely.geometry import Point, box

from jobs.models import Job
from jobs.registry import job_types
from networks import following
from networks.geometry import LAMBERT_93, WGS_84, transformer


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
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let apps run these types of job and no others, on no condition."""
    monkeypatch.setattr(following, "conditions", {})
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


def said(jobs: Iterable[Job]) -> list[tuple[str, str]]:
    return [(job.type, job.data.get("name", "")) for job in jobs]


def chains(jobs: Iterable[Job]) -> tuple[list[Job], list[Job]]:
    """Those that ask Airtable, and the others."""
    asking, others = [], []
    for job in jobs:
        (asking if "airtable" in job.type else others).append(job)
    return asking, others


def is_chain(jobs: list[Job]) -> bool:
    """Whether each waits for the one before."""
    return [job.blocked_by for job in jobs] == [None, *(job.pk for job in jobs)][: len(jobs)]


def rechecked(jobs: Iterable[Job], x: float, y: float) -> bool:
    """Whether addresses at this place are looked at again."""
    place = Point(transformer(LAMBERT_93, WGS_84).transform(x, y))
    boxes = [bounds for job in jobs for bounds in job.data.get("bboxes", [])]
    return any(box(*bounds).contains(place) for bounds in boxes)
