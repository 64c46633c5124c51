"""What the columns of an export mean, and on what its results rest."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from pro_eligibility.eligibility.thresholds import ELSEWHERE, FAR, OF_PARIS, PARIS
from pro_eligibility.exports.columns import Value
from pro_eligibility.exports.sheet import Heading
from pro_eligibility.models import EligibilityTest


def legend(test: EligibilityTest, headings: Iterable[Heading]) -> Iterator[list[Value]]:
    """Lines of two cells."""
    yield [_("Test"), test.name]
    yield [_("Exported at"), timezone.localtime()]
    yield [
        _("Last complete run"),
        timezone.localtime(test.completed_at) if test.completed_at else _("none"),
    ]
    yield [_("Data version of the last complete run"), test.data_version]
    yield [_("Least score, %"), test.score_threshold]
    yield [_("Very close up to, m"), ELSEWHERE.very_close]
    yield [_("Close up to, m"), ELSEWHERE.close]
    paris = ", ".join(sorted(OF_PARIS))
    yield [_("Very close up to, m ({networks})").format(networks=paris), PARIS.very_close]
    yield [_("Close up to, m ({networks})").format(networks=paris), PARIS.close]
    yield [_("Far up to, m"), FAR]
    yield [
        _("Cells that end in “…”"),
        _(
            "A cell of more than 32,767 characters is cut there: Excel takes no more. The CSV has "
            "it whole."
        ),
    ]
    yield []
    yield [_("Column"), _("Meaning")]
    for heading in headings:
        yield [heading.title, heading.meaning]
