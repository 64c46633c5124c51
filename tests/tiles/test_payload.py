"""What the job `build_tiles` takes and gives."""

from datetime import timedelta

import pytest

from jobs.errors import InvalidPayload
from jobs.models import Job
from jobs.registry import job_types
from tiles.sources import tile_sources

UNKNOWN = f"name: not a tile source; there are {', '.join(tile_sources.names())}"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "build_tiles: name: missing."),
        (
            {"name": "rivers"},
            f"build_tiles: {UNKNOWN}, given 'rivers'.",
        ),
        ({"name": 7}, "build_tiles: name: Input should be a valid string, given 7."),
        ({"name": None}, "build_tiles: name: Input should be a valid string, given None."),
        (
            {"name": "communes", "force": True},
            "build_tiles: force: unknown field; this type takes name.",
        ),
    ],
)
@pytest.mark.django_db
def test_a_payload_that_does_not_fit_is_refused_by_name(data, message):
    with pytest.raises(InvalidPayload) as refused:
        Job.objects.enqueue("build_tiles", data)

    assert str(refused.value) == message
    assert not Job.objects.exists()


def test_a_build_may_take_two_hours():
    assert job_types["build_tiles"].timeout == timedelta(hours=2)
