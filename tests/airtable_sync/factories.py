"""Plans and their lines for the tests, all made up."""

from collections import Counter
from typing import Any

import factory
from django.conf import settings
from django.utils import timezone
from factory.django import DjangoModelFactory

from airtable_sync.models import PlannedChange, SyncedRecord, SyncPlan


class SyncPlanFactory(DjangoModelFactory[SyncPlan]):
    """A plan of the heat networks that waits; a trait gives it another state."""

    class Meta:
        model = SyncPlan

    class Params:
        applied = factory.Trait(
            state=SyncPlan.State.APPLIED, applied_at=factory.LazyFunction(timezone.now)
        )
        from_airtable = factory.Trait(direction=SyncPlan.Direction.FROM_AIRTABLE)

    base = factory.LazyFunction(lambda: settings.AIRTABLE["base"])
    name = "reseaux-de-chaleur"
    direction = SyncPlan.Direction.TO_AIRTABLE
    state = SyncPlan.State.PLANNED
    rows = 10
    counts: Any = factory.LazyFunction(dict)
    made_at = factory.LazyFunction(timezone.now)


class PlannedChangeFactory(DjangoModelFactory[PlannedChange]):
    """A change of one cell that is not applied yet."""

    class Meta:
        model = PlannedChange

    class Params:
        applied = factory.Trait(applied_at=factory.LazyFunction(timezone.now))

    plan = factory.SubFactory(SyncPlanFactory)
    action = PlannedChange.Action.CHANGE
    key = factory.Sequence(lambda n: n + 1)
    record_id = factory.LazyAttribute(lambda line: f"rec{line.key or 0:014}")
    label = factory.LazyAttribute(lambda line: f"Réseau {line.key or ''}".strip())
    cells: Any = factory.LazyFunction(lambda: {"region": [None, "Bretagne"]})


class SyncedRecordFactory(DjangoModelFactory[SyncedRecord]):
    """A record and a row that were never seen to agree on anything."""

    class Meta:
        model = SyncedRecord

    name = "reseaux-de-chaleur"
    key = factory.Sequence(lambda n: n + 1)
    record_id = factory.LazyAttribute(lambda record: f"rec{record.key:014}")


def plan_with(*lines: dict[str, Any], **plan: Any) -> SyncPlan:
    """A plan that has these lines, and counts them."""
    counts = Counter(str(line.get("action", "change")) for line in lines)
    made = SyncPlanFactory(counts=dict(counts), **plan)
    for line in lines:
        PlannedChangeFactory(plan=made, **line)
    return made
