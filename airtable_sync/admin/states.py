"""How the state of a plan looks to people."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from airtable_sync.models import SyncPlan
from jobs.admin.cells import Look, badge

State = SyncPlan.State

# The tone of a badge and its shape; colour only repeats what shape and word say.
LOOKS = {
    State.PLANNED: ("pending", "○"),
    State.APPLYING: ("processing", "▶"),
    State.APPLIED: ("finished", "✔"),
    State.INTERRUPTED: ("error", "✖"),
    State.UNDONE: ("undone", "↺"),
}
CONFIRMATION = Look("▲", gettext_lazy("needs a confirmation"))


def state_badges(plan: Any) -> SafeString:
    tone, shape = LOOKS[State(plan.state)]
    state = badge(tone, Look(shape, plan.get_state_display()))
    if not waits_for_confirmation(plan):
        return state
    return format_html("{} {}", state, badge("error", CONFIRMATION))


def waits_for_confirmation(plan: Any) -> bool:
    return plan.needs_confirmation and waits_for_somebody(plan)


def waits_for_somebody(plan: Any) -> bool:
    """And not for a job that is to apply it."""
    return plan.state == State.PLANNED and not plan.is_at_work


def is_abandoned(plan: Any) -> bool:
    """Whether its job has ended without a word."""
    return plan.state == State.APPLYING and not plan.is_at_work
