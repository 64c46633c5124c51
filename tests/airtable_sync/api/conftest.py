"""A configured project, the two paths, and what an administrator is answered."""

from typing import Any

import pytest
from rest_framework.response import Response

from airtable_sync.models import SyncPlan

GEOMETRIES, METADATA = "/api/airtable/sync-geometries/", "/api/airtable/sync-metadata/"
HEAT, COLD = "reseaux-de-chaleur", "reseaux-de-froid"
BOTH = pytest.mark.parametrize("path", [GEOMETRIES, METADATA])


@pytest.fixture(autouse=True)
def configured(settings: Any, db: None) -> None:
    """With a key and a base that nobody asks."""
    settings.AIRTABLE = settings.AIRTABLE | {
        "api_key": "patMadeUp.key",
        "base": "appMadeUp",
        "url": "http://127.0.0.1:9",
    }


@pytest.fixture
def plan() -> SyncPlan:
    """One of the heat networks that waits to be sent."""
    to_airtable = SyncPlan.Direction.TO_AIRTABLE
    return SyncPlan.objects.create(base="appMadeUp", name=HEAT, direction=to_airtable, rows=1)


def is_problem(response: Response, status: int) -> bool:
    return (
        response.status_code == status
        and response.headers["Content-Type"] == "application/problem+json"
        and response.json()["status"] == status
    )
