"""How many lines of each kind a plan has, as the list of plans shows it."""

from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from airtable_sync.admin.links import plan_address
from airtable_sync.admin.meanings import MEANINGS
from airtable_sync.admin.states import waits_for_somebody
from airtable_sync.models import PlannedChange

Action = PlannedChange.Action
# Those about which somebody has to do something.
CALLS_FOR_SOMEBODY = {Action.CONFLICT, Action.PROBLEM}
SEPARATOR = "\N{NO-BREAK SPACE}· "  # begins no line


def counts(plan: Any) -> SafeString | str:
    """Each with a link to its lines; the most important first."""
    address, calls = plan_address(plan.pk), waits_for_somebody(plan)
    found = [
        (tone(action) if calls else "count", address, action, means.title, lines)
        for action, means in MEANINGS.items()
        if (lines := plan.counts.get(action))
    ]
    if not found:
        return _("no difference")
    link = '<a class="sync-{}" href="{}?action={}">{} {}</a>'
    return format_html_join(SEPARATOR, link, found)


def tone(action: Action) -> str:
    return "call" if action in CALLS_FOR_SOMEBODY else "count"
