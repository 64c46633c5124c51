"""The jobs `pro_eligibility_test` and `pro_eligibility_test_notify_changes`.

Every process imports this file; what the jobs need, which is heavy, only those that run one.
"""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from jobs.running import RunningJob

Box = tuple[float, float, float, float]  # west, south, east, north


class RunTest(BaseModel):
    """Which test to run."""

    test_id: UUID = Field(description="The id of an eligibility test.")


class RowsTested(BaseModel):
    """What became of the rows."""

    rows: int
    ok: int
    to_review: int
    not_found: int
    duplicate: int
    invalid: int
    eligible: int
    changed: int = Field(description="Rows of which this job found something new.")
    requests: int = Field(description="Asked of the geocoder by the attempt that ended well.")


def in_order(box: Box) -> Box:
    west, south, east, north = box
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("a box is west, south, east, north, in degrees")
    return box


class NotifyChanges(BaseModel):
    """Where networks were created, changed or deleted."""

    bboxes: list[Annotated[Box, AfterValidator(in_order)]] = Field(
        min_length=1,
        max_length=5_000,
        description="Boxes in WGS 84: west, south, east, north.",
        examples=[[[2.2, 48.8, 2.4, 48.9]]],
    )


class Rechecked(BaseModel):
    """What was looked at, and what has changed."""

    tests: int
    addresses_changed: int
    tests_changed: int


def run_test(job: RunningJob) -> RowsTested:
    """Read, geocode, assess: what was committed before an interruption is not done again."""
    from pro_eligibility.run import run

    return run(job)


def notify_changes(job: RunningJob) -> Rechecked:
    """Assess the addresses in the boxes anew, record what changed, tell the owners."""
    from pro_eligibility.recheck import recheck_all

    return recheck_all(job)
