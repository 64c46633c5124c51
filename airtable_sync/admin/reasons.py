"""Why a cell cannot be used, in the language of the reader: a worker has written it in English."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# As they are raised in airtable_sync: values, sides, drafting and validity.
REASONS = [
    gettext_noop("the number is missing"),
    gettext_noop("%(cell)s is no number of a network"),
    gettext_noop("%(count)s records have the number %(number)s"),
    gettext_noop("its number was %(number)s at the last sync"),
    gettext_noop("%(cell)s is no whole number"),
    gettext_noop("%(cell)s is no number"),
    gettext_noop("%(cell)s is no text"),
    gettext_noop("%(cell)s has characters that cannot be stored"),
    gettext_noop("%(cell)s is neither ticked nor not ticked"),
    gettext_noop("%(cell)s is no list of attachments"),
    gettext_noop("%(cell)s cannot be taken: %(why)s"),
    gettext_noop("%(cell)s is that of %(row)s already"),
]
# As re.escape leaves it.
PLACE = re.compile(r"%\\\((\w+)\\\)s")


def pattern(reason: str) -> re.Pattern[str]:
    """What matches a reason with anything in its places."""
    return re.compile(PLACE.sub(r"(?P<\1>.+)", re.escape(reason)), re.DOTALL)


PATTERNS = [(reason, pattern(reason)) for reason in REASONS]


def worded(written: str) -> str:
    """As it is written if it is none of them."""
    for reason, form in PATTERNS:
        if match := form.fullmatch(written):
            return _(reason) % match.groupdict()
    return written
