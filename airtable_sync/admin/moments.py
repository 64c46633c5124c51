"""When something happened, and who did it."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jobs.admin.cells import NOTHING


def minute(at: datetime) -> str:
    """In the reader's time zone and the same in every language."""
    return date_format(localtime(at), "Y-m-d H:i")


def when_and_who(at: datetime | None, user: Any) -> SafeString | str:
    if at is None:
        return NOTHING
    return format_html('{}<div class="job-quiet">{}</div>', minute(at), user or _("System"))
