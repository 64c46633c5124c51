"""What a plan reports of what cannot be used."""

from typing import Any

from airtable_sync.models import PlannedChange


def reported(plan_id: int) -> list[tuple[str, int | None, dict[str, Any]]]:
    """The record, the number and, by column, the reasons of each problem."""
    found = PlannedChange.objects.filter(plan=plan_id, action="problem").order_by("pk")
    return [
        (line.record_id, line.key, {name: pair[1] for name, pair in line.cells.items()})
        for line in found
    ]
