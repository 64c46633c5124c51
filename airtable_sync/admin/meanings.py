"""What each kind of line means, and what somebody can do about it."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from airtable_sync.models import PlannedChange, SyncPlan

Action = PlannedChange.Action
Direction = SyncPlan.Direction


class Meaning(NamedTuple):
    """The title of a group of lines, and the sentences above them."""

    title: Promise
    what: Promise
    what_to_do: Promise


# The most important first: somebody has to act on them.
MEANINGS = {
    Action.CONFLICT: Meaning(
        _("Conflicts"),
        _("Both sides changed since they last agreed. Nothing is overwritten."),
        _("Correct the side that is wrong, or overwrite what is there when you apply the plan."),
    ),
    Action.PROBLEM: Meaning(
        _("Problems"),
        _("These records or cells cannot be used. They are left as they are."),
        _("Correct them in Airtable, then sync again."),
    ),
    Action.HELD: Meaning(
        _("Held back"),
        _("These changes were undone before, and nothing is new since. They are not made again."),
        _("Correct the side they come from, or take them after all when you apply the plan."),
    ),
    Action.ORPHAN: Meaning(
        _("Orphans"),
        _("These have no counterpart on the other side. Nothing is done about them."),
        _("Compare the numbers (id_fcu) of both sides; networks are created and deleted here."),
    ),
    Action.DELETE: Meaning(
        _("Deletions"),
        _("These records are deleted from Airtable."),
        _(
            "Make sure that nobody needs them: to undo it makes them anew, with the columns that "
            "are synced and without attachments."
        ),
    ),
    Action.CREATE: Meaning(
        _("Creations"),
        _("Airtable lacks a record of these networks. It gets one."),
        _("Make sure that none of them is there already, without its number (id_fcu)."),
    ),
    Action.CHANGE: Meaning(
        _("Changes"),
        _("One side has other values, and the other side takes them over."),
        _("Make sure that the values after the change are right."),
    ),
}
# Those that can be deleted.
ORPHANS_OF_AIRTABLE = Meaning(
    _("Orphans"),
    _("Airtable has these records, and there is no network with their number. They are left."),
    _(
        "Correct the number (id_fcu) in Airtable, or delete them when you apply the plan; to undo "
        "that makes them anew, with the columns that are synced and without attachments."
    ),
)


def meaning(action: Action, direction: Direction) -> Meaning:
    if (action, direction) == (Action.ORPHAN, Direction.TO_AIRTABLE):
        return ORPHANS_OF_AIRTABLE
    return MEANINGS[action]
