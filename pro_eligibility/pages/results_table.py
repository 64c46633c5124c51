"""The rows of a test, fifty at a time, and what may be asked of them."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import Truncator, capfirst

from pro_eligibility.models import AddressRow, Assessment, EligibilityTest, Outcome
from pro_eligibility.pages.results_counts import GROUPS
from pro_eligibility.row_filters import RowFilters
from pro_eligibility.uploads.limits import LONGEST_ADDRESS

ROWS_ON_A_PAGE = 50
DIGITS = 9  # of the number of a row, at most


class Line(NamedTuple):
    """A row as it is shown; the address and the result of a duplicate are those it shares."""

    row: AddressRow
    outcome: Outcome
    sentence: str

    @property
    def asked(self) -> str:
        asked = self.row.query or " · ".join(cell for cell in self.row.cells if cell)
        return Truncator(asked).chars(LONGEST_ADDRESS)

    @property
    def assessment(self) -> Assessment | None:
        return self.row.place.assessment


class RowPage(NamedTuple):
    """Some lines, and the queries of the pages beside them; "" where there is none."""

    lines: list[Line]
    first: str
    previous: str
    next: str


class Choice(NamedTuple):
    value: str
    label: str
    chosen: bool


def line_of(row: AddressRow, threshold: int) -> Line:
    return Line(row, row.outcome_at(threshold), row.sentence(threshold))


def page_of(rows: QuerySet[AddressRow], test: EligibilityTest, params: QueryDict) -> RowPage:
    """By the number of a row, not by that of a page: no page costs more than the first."""
    before, after = number(params, "before"), number(params, "after")
    if before:
        found, has_more = some(rows.filter(number__lt=before).order_by("-number"))
        found.reverse()
        has_previous, has_next = has_more, True
    else:
        found, has_next = some(rows.filter(number__gt=after).order_by("number"))
        has_previous = after > 0
    lines = [line_of(row, test.score_threshold) for row in found]
    filters = chosen_filters(params)
    return RowPage(
        lines,
        first=page_link(filters) if has_previous else "",
        previous=page_link(filters, before=found[0].number) if found and has_previous else "",
        next=page_link(filters, after=found[-1].number) if found and has_next else "",
    )


def some(rows: QuerySet[AddressRow]) -> tuple[list[AddressRow], bool]:
    """As many as fit on a page, and whether there are more."""
    found = list(rows[: ROWS_ON_A_PAGE + 1])
    return found[:ROWS_ON_A_PAGE], len(found) > ROWS_ON_A_PAGE


def number(params: QueryDict, name: str) -> int:
    """0 for what is no number of a row."""
    text = params.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS else 0


def chosen_filters(params: QueryDict) -> QueryDict:
    """What is asked for, without what is left open or cannot be understood."""
    refused = RowFilters(params, AddressRow.objects.none()).form.errors
    chosen = QueryDict(mutable=True)
    for name in RowFilters.base_filters:
        if name not in refused and params.get(name):
            chosen.setlist(name, params.getlist(name))
    return chosen


def query_of(params: QueryDict) -> str:
    """Of the page of the table that is asked for."""
    query = chosen_filters(params)
    for name in ("before", "after"):
        if number(params, name):
            query[name] = str(number(params, name))
    return query.urlencode(safe=",")


def page_link(filters: QueryDict, **place: int) -> str:
    query = filters.copy()
    query.update({name: str(value) for name, value in place.items()})
    return f"?{query.urlencode(safe=',')}#rows"


def outcome_choices(params: QueryDict) -> list[Choice]:
    return choices(params, "outcome", Outcome.choices)


def type_choices(params: QueryDict) -> list[tuple[str, list[Choice]]]:
    """By group, the first of each being all of the group."""
    return [
        (
            str(group.label),
            choices(params, "type", [(group.value, group.label)])
            + choices(params, "type", [(type.value, type.label) for type in group.types]),
        )
        for group in GROUPS
    ]


def choices(params: QueryDict, name: str, named: Sequence[tuple[str, object]]) -> list[Choice]:
    chosen = ",".join(params.getlist(name))
    return [Choice(value, capfirst(str(label)), value == chosen) for value, label in named]
