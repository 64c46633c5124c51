"""What a plan changes, line by line, and what that means."""

import re

import pytest
from django.utils import timezone

from airtable_sync.admin import diff
from airtable_sync.models import PlannedChange
from tests.admin.conftest import text_of
from tests.airtable_sync.admin.conftest import page, page_of, records, rows, section
from tests.airtable_sync.factories import PlannedChangeFactory, plan_with

Action = PlannedChange.Action
MORNING = timezone.datetime.fromisoformat("2026-03-01T08:30:00+01:00")


def headings(response) -> list[str]:
    """Of the groups, in their order."""
    return re.findall("<h3.*?>(.*?)</h3>", page(response))


def test_every_line_says_what_it_is_about_with_each_cell_before_and_after(viewer):
    plan = plan_with(
        {"key": 12, "record_id": "recA", "label": "Réseau du Centre"}
        | {"cells": {"has_PDP": [False, True], "communes": [None, "Rennes,Brest"]}},
        {"key": 13, "record_id": "recB", "label": "Réseau du Nord", "applied_at": MORNING}
        | {"cells": {"departement": ["Nord", "Pas-de-Calais"]}},
    )

    assert rows(viewer.get(page_of(plan))) == [
        ["Field", "Before", "After"],
        ["Réseau du Centre id_fcu 12"],
        ["communes", "empty", "Rennes,Brest"],
        ["has_PDP", "no", "yes"],
        ["Réseau du Nord id_fcu 13 applied on 2026-03-01 08:30"],
        ["departement", "Nord", "Pas-de-Calais"],
    ]


def test_the_columns_of_a_record_are_in_the_order_of_its_table_and_unknown_ones_last(viewer):
    names = ["Zone", "MO", "Ancienne", "nom_reseau", "has_PDP", "communes"]
    plan = plan_with({"cells": {name: [None, name] for name in names}})

    shown = [row[0] for row in rows(viewer.get(page_of(plan)))[2:]]

    assert shown == ["communes", "has_PDP", "nom_reseau", "MO", "Ancienne", "Zone"]


@pytest.mark.parametrize("action", ["conflict", "held"])
@pytest.mark.parametrize(
    ("from_airtable", "sides"),
    [(False, ["In Airtable", "Here"]), (True, ["Here", "In Airtable"])],
)
def test_where_nothing_happens_the_two_sides_are_named(viewer, action, from_airtable, sides):
    plan = plan_with({"action": action}, from_airtable=from_airtable)

    assert rows(viewer.get(page_of(plan)))[0] == ["Field", *sides]


def test_a_problem_is_a_cell_and_the_reason(viewer):
    cells = {"id_fcu": [None, "the number is missing"]}
    plan = plan_with(
        {"action": "problem", "key": None, "record_id": "recA", "label": "", "cells": cells}
    )

    assert rows(viewer.get(page_of(plan))) == [
        ["Field", "Cell", "Reason"],
        ["– recA"],
        ["id_fcu", "empty", "the number is missing"],
    ]


def test_records_of_one_number_are_told_from_each_other(viewer):
    plan = plan_with(*({"action": "problem", "key": 5, "record_id": id} for id in ("recA", "recB")))

    assert records(viewer.get(page_of(plan))) == [
        "Réseau 5 id_fcu 5 · recA",
        "Réseau 5 id_fcu 5 · recB",
    ]


def test_an_orphan_is_shown_as_it_is(viewer):
    plan = plan_with({"action": "orphan", "key": 5, "cells": {"MO": ["Ville de Rennes", None]}})

    assert rows(viewer.get(page_of(plan))) == [
        ["Field", "Cell"],
        ["Réseau 5 id_fcu 5"],
        ["MO", "Ville de Rennes"],
    ]


def test_a_line_without_cells_is_there_too(viewer):
    plan = plan_with({"action": "orphan", "key": 5, "record_id": "", "cells": {}})

    assert rows(viewer.get(page_of(plan)))[1:] == [["Réseau 5 id_fcu 5"]]


def test_what_calls_for_somebody_comes_first(viewer):
    plan = plan_with(*({"action": action} for action in Action))

    assert headings(viewer.get(page_of(plan))) == [
        "Conflicts",
        "Problems",
        "Held back",
        "Orphans",
        "Deletions",
        "Creations",
        "Changes",
    ]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (
            "conflict",
            "Both sides changed since they last agreed. Nothing is overwritten. Correct the side "
            "that is wrong, or overwrite what is there when you apply the plan.",
        ),
        (
            "problem",
            "These records or cells cannot be used. They are left as they are. Correct them in "
            "Airtable, then sync again.",
        ),
        (
            "held",
            "These changes were undone before, and nothing is new since. They are not made again. "
            "Correct the side they come from, or take them after all when you apply the plan.",
        ),
        (
            "orphan",
            "Airtable has these records, and there is no network with their number. They are left. "
            "Correct the number (id_fcu) in Airtable, or delete them when you apply the plan; to "
            "undo that makes them anew, with the columns that are synced and without attachments.",
        ),
        (
            "delete",
            "These records are deleted from Airtable. Make sure that nobody needs them: to undo it "
            "makes them anew, with the columns that are synced and without attachments.",
        ),
        (
            "create",
            "Airtable lacks a record of these networks. It gets one. Make sure that none of them "
            "is there already, without its number (id_fcu).",
        ),
        (
            "change",
            "One side has other values, and the other side takes them over. Make sure that the "
            "values after the change are right.",
        ),
    ],
)
def test_each_kind_of_line_says_what_it_means_and_what_to_do(viewer, action, said):
    plan = plan_with({"action": action})

    assert said in section(viewer.get(page_of(plan)), f"sync-{action}")


def test_orphans_of_a_sync_from_airtable_are_deleted_by_nobody(viewer):
    plan = plan_with({"action": "orphan"}, from_airtable=True)

    assert (
        "These have no counterpart on the other side. Nothing is done about them. Compare the "
        "numbers (id_fcu) of both sides; networks are created and deleted here."
    ) in section(viewer.get(page_of(plan)), "sync-orphan")


def test_the_kinds_of_lines_are_counted_and_lead_to_their_lines(viewer):
    plan = plan_with({"action": "conflict"}, {}, {})

    html = page(viewer.get(page_of(plan), {"action": "change", "q": "Réseau"}))

    assert '<a href="?q=R%C3%A9seau">All (3)</a>' in html
    assert '<a href="?action=conflict&amp;q=R%C3%A9seau">Conflicts (1)</a>' in html
    assert '?action=change&amp;q=R%C3%A9seau" aria-current="true">Changes (2)</a>' in html


def test_lines_of_one_kind_are_shown_alone(viewer):
    plan = plan_with({"action": "conflict", "key": 1}, {"key": 2})

    response = viewer.get(page_of(plan), {"action": "change"})

    assert records(response) == ["Réseau 2 id_fcu 2"]


@pytest.mark.parametrize("search", ["CENTRE", " centre ", "1204", "recC", "cen\0tre"])
def test_lines_are_found_by_name_by_number_and_by_record(viewer, search):
    plan = plan_with({"key": 1204, "record_id": "recC", "label": "Réseau du Centre"}, {"key": 7})

    response = viewer.get(page_of(plan), {"q": search})

    assert records(response) == ["Réseau du Centre id_fcu 1204"]


@pytest.mark.parametrize("search", ["99999999999999999999", "²", "%", "nothing"])
def test_what_is_not_there_is_said(viewer, search):
    plan = plan_with({})

    response = viewer.get(page_of(plan), {"q": search})

    assert "There is no such line." in section(response, "sync-diff")


def test_whatever_else_is_asked_shows_all(viewer):
    plan = plan_with({}, {"action": "conflict"})

    response = viewer.get(page_of(plan), {"action": "burn", "page": "many"})

    assert headings(response) == ["Conflicts", "Changes"]


def test_long_plans_are_shown_page_by_page(viewer, monkeypatch):
    monkeypatch.setattr(diff, "PER_PAGE", 2)
    plan = plan_with(*({"key": key} for key in range(1, 6)), {"action": "problem"})

    response = viewer.get(page_of(plan), {"action": "change", "page": "2"})

    assert records(response) == ["Réseau 3 id_fcu 3", "Réseau 4 id_fcu 4"]
    assert '<a href="?action=change">1</a>' in page(response)
    assert '<a href="?action=change&amp;page=2" aria-current="page">2</a>' in page(response)
    assert '<a href="?action=change&amp;page=3">3</a>' in page(response)


def test_of_very_many_pages_those_around_this_one_are_linked(viewer, monkeypatch):
    monkeypatch.setattr(diff, "PER_PAGE", 1)
    plan = plan_with(*({} for _ in range(20)))

    html = page(viewer.get(page_of(plan), {"page": "10"}))

    pages = re.findall('(?s)aria-label="Pages">(.*?)</nav>', html)[0]
    assert text_of(pages) == "1 2 … 7 8 9 10 11 12 13 … 19 20"
    assert "<li>…</li>" in pages


def test_markup_in_a_plan_is_only_text(viewer):
    script = "<script>alert(1)</script>"
    line = {"label": script, "record_id": script, "cells": {script: [script, [script]]}}
    plan = plan_with({"action": "problem", **line})

    html = page(viewer.get(page_of(plan), {"q": script}))

    assert script not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 6


def test_lines_of_other_plans_are_not_shown(viewer):
    plan = plan_with({"key": 1})
    PlannedChangeFactory(key=2)

    assert records(viewer.get(page_of(plan))) == ["Réseau 1 id_fcu 1"]
