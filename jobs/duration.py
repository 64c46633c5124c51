"""Lengths of time in words: 0.4 s, 12 s, 2 min 5 s, 1 h 4 min, 3 d 2 h."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from jobs.models import Job


def humanised(length: timedelta) -> str:
    # The clocks of the web server and of the database may differ a little: never less than nothing.
    seconds = max(length.total_seconds(), 0)
    if seconds < 9.95:
        return f"{number_format(seconds, decimal_pos=1)} {_('s')}"
    whole = round(seconds)
    for size, unit, part_size, part_unit in (
        (86_400, _("d"), 3_600, _("h")),
        (3_600, _("h"), 60, _("min")),
        (60, _("min"), 1, _("s")),
    ):
        if whole >= size:
            count, part = whole // size, whole % size // part_size
            return f"{count} {unit} {part} {part_unit}" if part else f"{count} {unit}"
    return f"{whole} {_('s')}"


def duration(job: Job) -> str:
    """How long it ran, has run so far, or what it waits for."""
    now = timezone.now()
    if job.status == Job.Status.PROCESSING and job.started_at:
        return _("%(time)s so far") % {"time": humanised(now - job.started_at)}
    if job.finished_at and job.started_at:
        return humanised(job.finished_at - job.started_at)
    if job.finished_at:
        return _("never started")
    if job.blocked_by:
        return _("waits for another job")
    if job.run_at > now:
        return _("starts in %(time)s") % {"time": humanised(job.run_at - now)}
    return _("waiting for %(time)s") % {"time": humanised(now - job.run_at)}
