"""How a plan is shown on a terminal."""

from typing import Any

import pytest

from airtable_sync.management.plan_text import plan_text
from airtable_sync.models import PlannedChange, SyncPlan
from tests.airtable_sync.syncing import HEAT

pytestmark = pytest.mark.django_db

CHANGE = {"action": "change", "cells": {"region": ["Auvergne", "Bretagne"]}}
CONFLICT = CHANGE | {"action": "conflict"}
ORPHAN = {"action": "orphan", "cells": {}}
SYNC = "manage.py sync_airtable"


def planned(*lines: dict[str, Any], direction: str = "to_airtable", **fields: Any) -> SyncPlan:
    counts: dict[str, int] = {}
    for line in lines:
        counts[line["action"]] = counts.get(line["action"], 0) + 1
    plan = SyncPlan.objects.create(
        name=HEAT, direction=direction, rows=1_200, counts=counts, **fields
    )
    for line in lines:
        PlannedChange.objects.create(plan=plan, **{"key": 7, "label": "Centre (0301C)"} | line)
    return plan


def shown(plan: SyncPlan, lines: int | None = None) -> list[str]:
    return plan_text(plan, lines=lines).split("\n")


def diff(**line: Any) -> list[str]:
    """Of a plan with this line only."""
    return shown(planned(line))[1:-1]


def test_it_begins_with_what_it_counts() -> None:
    plan = planned(CHANGE, CHANGE, ORPHAN)

    assert shown(plan)[0] == f"{plan} is planned: 2 change, 1 orphan (rows: 1,200)."


def test_each_cell_has_a_line_with_before_and_after() -> None:
    cells = {"PM": [81.5, None], "has_PDP": [True, False], "communes": [None, "Moulins"]}

    assert diff(action="change", cells=cells) == [
        "  change 7 Centre (0301C), PM: 81.5 → empty",
        "  change 7 Centre (0301C), has_PDP: True → False",
        "  change 7 Centre (0301C), communes: empty → 'Moulins'",
    ]


def test_a_line_without_cells_is_shown_too() -> None:
    assert diff(**ORPHAN) == ["  orphan 7 Centre (0301C)"]


def test_a_problem_is_shown_with_its_reason() -> None:
    cells = {"id_fcu": ["7", "'7' is no number"]}

    assert diff(action="problem", key=None, record_id="recA", label="", cells=cells) == [
        "  problem recA, id_fcu: '7' is no number"
    ]


def test_long_cells_are_cut() -> None:
    (line,) = diff(action="change", cells={"MO": [None, "x" * 500]})

    assert line.endswith("xxx…")
    assert len(line) < 260


def test_no_text_moves_the_cursor() -> None:
    assert diff(action="change", label="\x1b[2J\nRéseau", cells={"MO": [None, "\x1b[2J"]}) == [
        r"  change 7 \x1b[2J\nRéseau, MO: empty → '\x1b[2J'"
    ]


def test_the_first_lines_are_shown() -> None:
    plan = planned(*[CHANGE] * 5)

    assert shown(plan, lines=2)[1:-1] == [
        *["  change 7 Centre (0301C), region: 'Auvergne' → 'Bretagne'"] * 2,
        "  and 3 more lines; --all shows them",
    ]


@pytest.mark.parametrize("lines", [5, 50, None])
def test_nothing_is_said_of_more_where_there_is_no_more(lines: int | None) -> None:
    assert len(shown(planned(*[CHANGE] * 5), lines=lines)) == 7


@pytest.mark.parametrize(
    ("lines", "direction", "options"),
    [
        ([CHANGE], "to_airtable", ""),
        ([CHANGE, CONFLICT, ORPHAN], "to_airtable", " [--also conflicts orphans]"),
        ([CONFLICT, ORPHAN], "from_airtable", " [--also conflicts]"),
        ([CHANGE | {"action": "held"}], "from_airtable", " [--also held]"),
    ],
)
def test_a_plan_that_waits_can_be_applied(
    lines: list[dict[str, Any]], direction: str, options: str
) -> None:
    plan = planned(*lines, direction=direction)

    assert shown(plan)[-1] == (
        f"Nothing was written. To apply it: {SYNC} --apply {plan.pk}{options}"
    )


@pytest.mark.parametrize("lines", [[], [ORPHAN]])
def test_a_plan_that_would_write_nothing_need_not_be_applied(lines: list[dict[str, Any]]) -> None:
    plan = planned(*lines, direction="from_airtable")

    assert shown(plan)[-1] == "Nothing was written. Nothing would be."


@pytest.mark.parametrize("state", ["applied", "interrupted"])
def test_what_was_applied_can_be_undone(state: str) -> None:
    plan = planned(CHANGE | {"applied_at": "2026-03-02T08:00Z"}, state=state)

    assert shown(plan)[-1] == f"To undo it: {SYNC} --undo {plan.pk}"


def test_what_changed_nothing_cannot_be_undone() -> None:
    assert shown(planned(ORPHAN, state="applied"))[-1] == "Nothing had to be written."


def test_an_undoing_says_what_is_undone() -> None:
    undone = planned(CHANGE, state="undone")
    plan = planned(CHANGE | {"applied_at": "2026-03-02T08:00Z"}, state="applied", undoes=undone)

    assert shown(plan)[-1] == f"Plan {undone.pk} is undone."


def test_what_is_still_being_applied_goes_on() -> None:
    assert shown(planned(CHANGE, state="applying"))[-1] == (
        "It is applied in part; its job goes on when it is tried again."
    )
