"""The numbers above the table: each is a link to the rows that it counts."""

from collections.abc import Iterable
from typing import NamedTuple

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from pro_eligibility.eligibility.verdict import EligibilityType
from pro_eligibility.models import EligibilityTest, Outcome
from pro_eligibility.results import outcome_counts, verdict_counts


class Count(NamedTuple):
    value: str  # of the filter that gives these rows
    label: str
    number: str
    link: str


class Group(NamedTuple):
    """Types that mean the same to who asks for a connection."""

    id: str  # also its symbol on the map
    label: Promise
    types: tuple[EligibilityType, ...]

    @property
    def value(self) -> str:
        return ",".join(self.types)


EXISTING = Group(
    "existing",
    _("Existing network"),
    (
        EligibilityType.IN_PDP_EXISTING,
        EligibilityType.EXISTING_VERY_CLOSE,
        EligibilityType.EXISTING_CLOSE,
    ),
)
FUTURE = Group(
    "future",
    _("Network under construction"),
    (
        EligibilityType.IN_PDP_FUTURE,
        EligibilityType.FUTURE_VERY_CLOSE,
        EligibilityType.IN_FUTURE_ZONE,
        EligibilityType.FUTURE_CLOSE,
    ),
)
NONE = Group(
    "none",
    _("No network close enough"),
    tuple(type for type in EligibilityType if type not in EXISTING.types + FUTURE.types),
)
GROUPS = (EXISTING, FUTURE, NONE)


def of_outcomes(test: EligibilityTest) -> list[Count]:
    counted = outcome_counts(test)
    shown = [kind for kind in Outcome if kind != Outcome.WAITING or counted[kind]]
    return [count("outcome", kind, kind.label, counted[kind]) for kind in shown]


def of_groups(test: EligibilityTest) -> list[tuple[Count, list[Count]]]:
    """Each with its types, those that do not occur left out."""
    counted = verdict_counts(test)
    return [(of_group(group, counted), list(of_types(group, counted))) for group in GROUPS]


def of_group(group: Group, counted: dict[str, int]) -> Count:
    total = sum(counted.get(type, 0) for type in group.types)
    return count("type", group.value, group.label, total)


def of_types(group: Group, counted: dict[str, int]) -> Iterable[Count]:
    for type in group.types:
        if type in counted:
            yield count("type", type, type.label, counted[type])


def count(parameter: str, value: str, label: object, number: int) -> Count:
    return Count(value, capfirst(str(label)), readable(number), link(parameter, value))


def link(parameter: str, value: str) -> str:
    query = QueryDict(mutable=True)
    query[parameter] = value
    return f"?{query.urlencode(safe=',')}#rows"


def readable(number: int) -> str:
    return number_format(number, force_grouping=True)
