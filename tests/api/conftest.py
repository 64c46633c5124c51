"""Jobs and clients for the tests of the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient

from jobs.models import Job
from jobs.registry import JobType

JOBS = "/api/jobs/"


@pytest.fixture(autouse=True)
def _world(db: None, probe_type: JobType) -> None:
    """Every test here has a database and a type of job."""


@pytest.fixture
def listed(staff: APIClient) -> Callable[..., list[str]]:
    """The ids that the list gives for these parameters."""

    def ids(**parameters: Any) -> list[str]:
        return [job["id"] for job in staff.get(JOBS, parameters).json()["jobs"]]

    return ids


def ids(*jobs: Job) -> list[str]:
    return [str(job.pk) for job in jobs]


def is_problem(response: Response, status: int) -> bool:
    return (
        response.status_code == status
        and response.headers["Content-Type"] == "application/problem+json"
        and response.json()["status"] == status
    )
