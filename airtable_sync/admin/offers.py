"""What can be done with a plan, and in numbers what that would do."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from airtable_sync.admin.diff import Tally
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import Also, Direction
from airtable_sync.plans import ALSO, OPPOSITE

Action = PlannedChange.Action
State = SyncPlan.State
Verb = Literal["apply", "undo"]
Tallies = Mapping[Action, Tally]

EFFECTS: dict[tuple[str, Action], Any] = {
    (Direction.TO_AIRTABLE, Action.CREATE): ngettext_lazy(
        "It creates %(n)d record in Airtable.",
        "It creates %(n)d records in Airtable.",
        number="n",
    ),
    (Direction.TO_AIRTABLE, Action.CHANGE): ngettext_lazy(
        "It changes %(n)d record in Airtable.",
        "It changes %(n)d records in Airtable.",
        number="n",
    ),
    (Direction.TO_AIRTABLE, Action.DELETE): ngettext_lazy(
        "It deletes %(n)d record from Airtable.",
        "It deletes %(n)d records from Airtable.",
        number="n",
    ),
    (Direction.FROM_AIRTABLE, Action.CHANGE): ngettext_lazy(
        "It changes %(n)d network here.",
        "It changes %(n)d networks here.",
        number="n",
    ),
}
CHOICES: dict[Also, Any] = {
    "conflicts": ngettext_lazy(
        "also overwrite %(n)d conflict",
        "also overwrite %(n)d conflicts",
        number="n",
    ),
    "held": ngettext_lazy(
        "also take %(n)d line that is held back",
        "also take %(n)d lines that are held back",
        number="n",
    ),
    "orphans": ngettext_lazy(
        "also delete %(n)d orphan from Airtable",
        "also delete %(n)d orphans from Airtable",
        number="n",
    ),
}


class Choice(NamedTuple):
    """Lines that are applied on demand only."""

    name: Also
    label: str


class Offer(NamedTuple):
    """One thing to do with a plan. `verb` is in its address and in its permission."""

    verb: Verb
    title: str | Promise
    effects: list[str]
    caveat: str | Promise
    confirmation: str
    choices: list[Choice]


def offer(plan: Any, tallies: Tallies) -> Offer | None:
    """What its state allows, unless a job is at work or there is nothing to it."""
    if plan.is_at_work or plan.being_undone_by:
        return None
    if plan.state == State.PLANNED:
        return to_apply(plan, tallies)
    if plan.state in (State.APPLIED, State.INTERRUPTED) and plan.undoes_id is None:
        return to_undo(plan, tallies)
    return None


def to_apply(plan: SyncPlan, tallies: Tallies) -> Offer | None:
    counts = {action: tallies[action].lines for action in writing(tallies)}
    choices = choices_of(plan, tallies)
    if not counts and not choices:
        return None
    return Offer(
        "apply",
        gettext_lazy("Apply this plan"),
        effects(plan, counts),
        gettext_lazy("If what it rests on has changed since it was made, nothing is written."),
        _("Yes, apply plan %(plan)d") % {"plan": plan.pk},
        choices,
    )


def to_undo(plan: SyncPlan, tallies: Tallies) -> Offer | None:
    counts = {OPPOSITE[action]: tallies[action].applied for action in writing(tallies)}
    if not any(counts.values()):
        return None
    return Offer(
        "undo",
        gettext_lazy("Undo this plan"),
        effects(plan, counts),
        gettext_lazy("If one of these cells has changed again since, nothing is put back."),
        _("Yes, undo plan %(plan)d") % {"plan": plan.pk},
        [],
    )


def writing(tallies: Tallies) -> list[Action]:
    return [action for action in PlannedChange.WRITES if action in tallies]


def effects(plan: SyncPlan, counts: Mapping[Action, int]) -> list[str]:
    return [
        str(EFFECTS[plan.direction, action] % {"n": count})
        for action, count in counts.items()
        if count
    ]


def choices_of(plan: SyncPlan, tallies: Tallies) -> list[Choice]:
    to_airtable = plan.direction == Direction.TO_AIRTABLE
    return [
        Choice(name, str(label % {"n": tallies[ALSO[name]].lines}))
        for name, label in CHOICES.items()
        if ALSO[name] in tallies and (to_airtable or name != "orphans")
    ]
