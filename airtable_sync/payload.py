"""What the two jobs take and give, and how they are enqueued."""

from typing import Any, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from accounts.models import User
from airtable_sync.conf import conf
from airtable_sync.models import SyncPlan
from airtable_sync.tables import TABLES
from jobs.errors import InvalidPayload
from jobs.models import Job

Direction = SyncPlan.Direction
TYPES = {
    Direction.TO_AIRTABLE: "sync_geometries_to_airtable",
    Direction.FROM_AIRTABLE: "sync_metadata_from_airtable",
}
# Lines of a plan that are applied on demand only.
Also = Literal["conflicts", "held", "orphans"]


class SyncTable(BaseModel):
    """Which table to sync, and how far to go."""

    name: str = Field(description="The name of a table.", examples=["reseaux-de-chaleur"])
    dry_run: bool = Field(default=False, description="Make a plan and write nothing.")
    plan_id: int | None = Field(
        default=None,
        ge=1,
        description="Apply this plan, whatever the fuse says; refused if what it rests on changed.",
    )
    also: list[Also] = Field(
        default_factory=list,
        description="What else of the plan to apply: its conflicts, what is held back since it was "
        "undone, and, to Airtable only, the deletion of its orphans.",
    )

    @field_validator("name")
    @classmethod
    def is_known(cls, name: str) -> str:
        if name not in TABLES:
            raise ValueError(f"not a table; there are {', '.join(TABLES.names())}")
        return name

    @model_validator(mode="after")
    def makes_sense(self) -> Self:
        if self.dry_run and self.plan_id is not None:
            raise ValueError("dry_run makes a plan and plan_id applies one; give one of them")
        if self.also and self.plan_id is None:
            raise ValueError("also is about the lines of a plan; give its plan_id")
        return self


class TableSynced(BaseModel):
    """What the plan holds, line by line of the admin, and whether it was applied."""

    plan_id: int
    applied: bool
    rows: int
    created: int
    changed: int
    deleted: int
    orphans: int
    conflicts: int
    held: int
    problems: int
    # That this attempt sent to Airtable.
    requests: int


def enqueue_sync(direction: Direction, data: SyncTable, *, by: User | None) -> Job:
    """The job; or the one that waits already and does the same. Raises NotConfigured.

    In a transaction of the caller, or in one of its own. Raises InvalidPayload for what can only be
    done in the other direction.
    """
    conf()
    if "orphans" in data.also and direction != Direction.TO_AIRTABLE:
        reason = "orphans can be deleted in Airtable only, by a plan that goes there"
        raise InvalidPayload(TYPES[direction], {"also": reason})
    payload: dict[str, Any] = data.model_dump(exclude_defaults=True)
    # One that waits does what this one would do; one with a plan does what no other does.
    key = ":".join([TYPES[direction], data.name, *said(data)])
    return Job.objects.enqueue(TYPES[direction], payload, user=by, unique_key=key)


def said(data: SyncTable) -> list[str]:
    if data.plan_id is not None:
        return [f"plan {data.plan_id}", *sorted(data.also)]
    return ["dry run"] if data.dry_run else []
