"""Which lines of a plan are shown: those that were asked for, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from airtable_sync.admin.lines import Group
from airtable_sync.admin.meanings import MEANINGS
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.table import KEY

Action = PlannedChange.Action
PER_PAGE = 100  # records
LONGEST_SEARCH = 100  # characters
IMPORTANCE = Case(*(When(action=action, then=Value(n)) for n, action in enumerate(MEANINGS)))

# As Draft.concerned counts them.
CONCERNED = Q(action__in=[Action.CHANGE, Action.ORPHAN]) | Q(cells__has_key=KEY)


class Asked(NamedTuple):
    """The parameters of the page."""

    action: str
    search: str
    page: str

    @classmethod
    def of(cls, parameters: QueryDict) -> "Asked":
        action, search = parameters.get("action", ""), parameters.get("q", "")
        # PostgreSQL takes no NUL.
        search = search.replace("\0", "").strip()[:LONGEST_SEARCH]
        return cls(action if action in Action else "", search, parameters.get("page", ""))

    @property
    def condition(self) -> Q:
        """The search: by name, by number, or by Airtable's id of the record."""
        if not self.search:
            return Q()
        found = Q(label__icontains=self.search) | Q(record_id=self.search)
        return found | Q(key=int(self.search)) if self.search.isdecimal() else found

    def address(self, *, action: str, page: int = 1) -> str:
        """That of other lines of the same search."""
        given = {"action": action, "q": self.search, "page": "" if page == 1 else page}
        return "?" + urlencode({name: value for name, value in given.items() if value})


class Tally(NamedTuple):
    """How many lines of one action a plan has."""

    action: str
    lines: int
    applied: int
    # Of them, those that blow the fuse, and those that the search finds.
    concerned: int
    found: int


class Link(NamedTuple):
    address: str
    words: str | Promise
    is_current: bool
    lines: int = 0


@dataclass(frozen=True)
class Diff:
    """What a plan changes, as far as it was asked for."""

    plan: SyncPlan
    asked: Asked

    @cached_property
    def tallies(self) -> dict[Action, Tally]:
        """Of the actions that it has, the most important first."""
        by_action = self.plan.changes.order_by().values("action")
        counts = by_action.annotate(
            lines=Count("pk"),
            applied=Count("applied_at"),
            concerned=Count("pk", filter=CONCERNED),
            found=Count("pk", filter=self.asked.condition),
        )
        tallies = {count["action"]: Tally(**count) for count in counts}
        return {action: tallies[action] for action in MEANINGS if action in tallies}

    @cached_property
    def page(self) -> Page[PlannedChange]:
        paginator: Any = Paginator(self._lines(), PER_PAGE)
        # Known already, so they are not counted again.
        paginator.count = sum(
            tally.found
            for tally in self.tallies.values()
            if self.asked.action in ("", tally.action)
        )
        page: Page[PlannedChange] = paginator.get_page(self.asked.page or 1)
        return page

    def groups(self) -> Iterator[Group]:
        for action, lines in groupby(self.page.object_list, key=lambda line: line.action):
            yield Group.of(Action(action), self.plan, lines)

    def kinds(self) -> Iterator[Link]:
        """All lines, and those of each action."""
        found = sum(tally.found for tally in self.tallies.values())
        yield Link(self.asked.address(action=""), _("All"), not self.asked.action, found)
        for action, tally in self.tallies.items():
            is_current = action == self.asked.action
            yield Link(
                self.asked.address(action=action), MEANINGS[action].title, is_current, tally.found
            )

    def pages(self) -> Iterator[Link]:
        """Those around this one, the first and the last; of those left out, an ellipsis."""
        for number in self.page.paginator.get_elided_page_range(self.page.number):
            address = self._address(number) if isinstance(number, int) else ""
            yield Link(address, str(number), number == self.page.number)

    def _address(self, page: int) -> str:
        return self.asked.address(action=self.asked.action, page=page)

    def _lines(self) -> QuerySet[PlannedChange]:
        lines = self.plan.changes.filter(self.asked.condition).order_by(IMPORTANCE, "pk")
        return lines.filter(action=self.asked.action) if self.asked.action else lines
