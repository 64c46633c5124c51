"""What the two jobs take and give, and how they are enqueued."""

from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from accounts.models import User
from airtable_sync.conf import conf
from airtable_sync.errors import NothingToApply
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

    name: str = Field(
        description="The name of a table.",
        examples=["reseaux-de-chaleur"],
        json_schema_extra={"enum": list(TABLES.names())},
    )
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

    @field_validator("plan_id")
    @classmethod
    def is_no_dry_run(cls, plan_id: int | None, info: ValidationInfo) -> int | None:
        if plan_id is not None and info.data.get("dry_run"):
            raise ValueError("dry_run makes a plan and plan_id applies one; give one of them")
        return plan_id

    @field_validator("also")
    @classmethod
    def is_of_a_plan(cls, also: list[Also], info: ValidationInfo) -> list[Also]:
        if also and info.data.get("plan_id") is None:
            raise ValueError("it is about the lines of a plan; give its plan_id")
        return sorted(set(also))


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
    """The job; or the one that waits already and does the same. Raises NotConfigured or
    NothingToApply.

    In a transaction of the caller, or in one of its own. Raises InvalidPayload for what can only be
    done in the other direction.
    """
    conf()
    if "orphans" in data.also and direction != Direction.TO_AIRTABLE:
        reason = "orphans can be deleted in Airtable only, by a plan that goes there"
        raise InvalidPayload(TYPES[direction], {"also": reason})
    payload: dict[str, Any] = data.model_dump(exclude_defaults=True)
    # One that waits does what this one would do; one with a plan does what no other does.
    check_applies(data)
    key = ":".join([TYPES[direction], data.name, *key_parts(data)])
    return Job.objects.enqueue(TYPES[direction], payload, user=by, unique_key=key)


def check_applies(data: SyncTable) -> None:
    """Raises NothingToApply: a plan that was applied is used up, so something should come of it."""
    plan = SyncPlan.objects.filter(pk=data.plan_id or 0).first()
    if plan and plan.counts and not data.also and not plan.changes.to_apply().exists():
        raise NothingToApply(plan)


def key_parts(data: SyncTable) -> list[str]:
    if data.plan_id is not None:
        return [f"plan {data.plan_id}", *data.also]
    return ["dry run"] if data.dry_run else []
