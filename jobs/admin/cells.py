"""How a job's type, status and progress look, in the list and on its page."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.models import Job

NOTHING = "–"


class Look(NamedTuple):
    """A shape and a word: colour only repeats what they say."""

    shape: str
    word: str | Promise


LOOKS = {
    "pending": Look("○", gettext_lazy("pending")),
    "processing": Look("▶", gettext_lazy("processing")),
    "finished": Look("✔", gettext_lazy("finished")),
    "error": Look("✖", gettext_lazy("error")),
}


def badge(tone: str, look: Look) -> SafeString:
    return format_html(
        '<span class="job-badge job-{}"><span aria-hidden="true">{}</span> {}</span>', tone, *look
    )


def status_badge(status: str) -> SafeString:
    return badge(status, LOOKS[status])


def moment(at: datetime) -> str:
    """To the second, in the reader's time zone and the same in every language."""
    return date_format(localtime(at), "Y-m-d H:i:s")


class Progress(NamedTuple):
    """What a handler reported. It is the handler's word: any of it may be missing or strange."""

    done: float
    total: float
    message: str

    @classmethod
    def of(cls, job: Job) -> "Progress | None":
        reported: Any = job.progress
        if not isinstance(reported, dict):
            return None
        done, total = number(reported.get("done")), number(reported.get("total"))
        return cls(done, total, str(reported.get("message") or ""))

    @property
    def percent(self) -> int | None:
        if self.total <= 0:
            return None
        # Rounded down: 100 % is said only of what is done.
        return int(min(max(self.done / self.total, 0), 1) * 100)

    def __str__(self) -> str:
        done = number_format(self.done, force_grouping=True)
        if self.percent is None:
            return done
        total = number_format(self.total, force_grouping=True)
        return f"{done} / {total} · {self.percent} %"


def number(value: Any) -> float:
    return value if isinstance(value, int | float) else 0


def progress_bar(job: Job) -> SafeString | str:
    progress = Progress.of(job)
    if progress is None:
        return NOTHING
    return format_html(
        '<div class="job-progress">{}<span>{}</span><span class="job-quiet">{}</span></div>',
        bar(progress.percent),
        progress,
        progress.message,
    )


def bar(percent: int | None) -> SafeString | str:
    if percent is None:
        return ""
    return format_html(
        '<progress max="100" value="{}" aria-label="{}">{} %</progress>',
        percent,
        _("Progress"),
        percent,
    )
