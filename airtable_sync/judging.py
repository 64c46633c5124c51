"""What is to be done about one cell, whichever way it flows."""

from typing import Final

from airtable_sync.models import PlannedChange
from airtable_sync.values import Cell, is_blank

Action = PlannedChange.Action


class Unknown:
    """No cell, where a cell may be None."""


UNKNOWN: Final = Unknown()


def judged(
    owner: Cell, target: Cell, *, agreed: Cell | Unknown = UNKNOWN, held: Cell | Unknown = UNKNOWN
) -> Action | None:
    """None if the target has what the owner says; else whether it changes, and why not if not.

    `agreed` is what both sides had last; `held` what the owner said when it was undone.
    """
    if owner == target:
        return None
    if held is not UNKNOWN and owner == held:
        return Action.HELD
    if is_blank(owner) and (agreed is UNKNOWN or is_blank(agreed)):
        # Nobody has seen it filled in there, so nobody can have emptied it.
        return Action.CONFLICT
    if agreed is UNKNOWN:
        return Action.CHANGE
    both = owner != agreed and target != agreed
    return Action.CONFLICT if both else Action.CHANGE
