"""The list of plans: what each sync did or would do."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin

from airtable_sync.models import PlannedChange, SyncedRecord, SyncPlan
from tests.admin.conftest import text_of
from tests.airtable_sync.admin.conftest import LIST, actions, page, page_of, rows
from tests.airtable_sync.factories import SyncPlanFactory
from tests.factories import JobFactory, UserFactory

MORNING = datetime(2026, 3, 1, 8, 30, tzinfo=ZoneInfo("Europe/Paris"))
NOON = MORNING.replace(hour=12)
Action = PlannedChange.Action
State = SyncPlan.State


def listed(response) -> list[SyncPlan]:
    return list(response.context["cl"].result_list)


def test_a_plan_says_what_it_did_and_who_did_it(viewer):
    counts = {action: n for n, action in enumerate(Action, 1)}
    plan = SyncPlanFactory(
        applied=True,
        counts=counts,
        made_at=MORNING,
        applied_at=NOON,
        applied_by=UserFactory(username="nadia"),
    )

    heading, row = rows(viewer.get(LIST))

    assert dict(zip(heading, row, strict=True)) == {
        "ID": str(plan.pk),
        "Table": "reseaux-de-chaleur to Airtable",
        "State": "✔ applied",
        "Lines": "Conflicts 5 · Problems 7 · Held back 6 · Orphans 4 · Deletions 3 · Creations 1 "
        "· Changes 2",
        "Made": "2026-03-01 08:30 System",
        "Applied": "2026-03-01 12:30 nadia",
        "Undoing": "–",
    }


def test_a_plan_without_lines_found_no_difference(viewer):
    SyncPlanFactory()

    assert rows(viewer.get(LIST))[1][3] == "no difference"


@pytest.mark.parametrize(
    ("state", "badge"),
    [
        (State.PLANNED, "○ planned"),
        (State.APPLYING, "▶ being applied"),
        (State.APPLIED, "✔ applied"),
        (State.INTERRUPTED, "✖ interrupted"),
        (State.UNDONE, "↺ undone"),
    ],
)
def test_every_state_has_its_badge(viewer, state, badge):
    SyncPlanFactory(state=state, job_id=JobFactory(processing=True).pk)

    assert rows(viewer.get(LIST))[1][2] == badge


def test_a_plan_that_needs_a_confirmation_says_so_while_it_waits(viewer):
    SyncPlanFactory(needs_confirmation=True)
    SyncPlanFactory(needs_confirmation=True, applied=True)

    _heading, done, waiting = rows(viewer.get(LIST))

    assert waiting[2] == "○ planned ▲ needs a confirmation"
    assert done[2] == "✔ applied"


def test_a_number_leads_to_its_lines_and_stands_out_when_somebody_has_to_act(viewer):
    plan = SyncPlanFactory(counts={"conflict": 3, "change": 4})

    html = page(viewer.get(LIST))

    assert f'<a class="sync-call" href="{page_of(plan)}?action=conflict">Conflicts 3</a>' in html
    assert f'<a class="sync-count" href="{page_of(plan)}?action=change">Changes 4</a>' in html


@pytest.mark.parametrize("state", [State.APPLIED, State.INTERRUPTED, State.UNDONE])
def test_of_a_plan_that_waits_no_more_no_number_stands_out(viewer, state):
    SyncPlanFactory(counts={"conflict": 3}, state=state)

    assert "sync-call" not in page(viewer.get(LIST))


def test_a_plan_at_which_a_job_is_at_work_waits_for_nobody(viewer):
    job = JobFactory(pending=True)
    SyncPlanFactory(counts={"conflict": 3}, needs_confirmation=True, job_id=job.pk)

    response = viewer.get(LIST)

    assert rows(response)[1][2] == "○ planned"
    assert "sync-call" not in page(response)


def test_a_plan_whose_job_has_ended_without_a_word_was_interrupted(viewer):
    SyncPlanFactory(state=State.APPLYING, job_id=JobFactory(failed=True).pk)

    assert rows(viewer.get(LIST))[1][2] == "✖ interrupted"


def test_a_plan_and_the_one_that_undoes_it_lead_to_each_other(viewer):
    plan = SyncPlanFactory(applied=True)
    undoing = SyncPlanFactory(undoes=plan)

    html = page(viewer.get(LIST))

    assert f'<a href="{page_of(plan)}">undoes {plan.pk}</a>' in html
    assert f'<a href="{page_of(undoing)}">to be undone by {undoing.pk}</a>' in html


def test_a_plan_that_was_undone_names_the_latest_that_undid_it(viewer):
    plan = SyncPlanFactory(state=State.UNDONE)
    SyncPlanFactory(undoes=plan)
    latest = SyncPlanFactory(undoes=plan)

    assert f">undone by {latest.pk}</a>" in page(viewer.get(LIST))


@pytest.mark.parametrize(
    ("asked", "plan"),
    [
        ({"name": "reseaux-de-froid"}, {"name": "reseaux-de-froid"}),
        ({"direction__exact": "from_airtable"}, {"from_airtable": True}),
        ({"state__exact": "interrupted"}, {"state": State.INTERRUPTED}),
        ({"needs_confirmation__exact": "1"}, {"needs_confirmation": True}),
    ],
)
def test_plans_are_filtered(viewer, asked, plan):
    SyncPlanFactory()
    wanted = SyncPlanFactory(**plan)

    assert listed(viewer.get(LIST, asked)) == [wanted]


def test_what_plans_are_filtered_by_can_follow_by(viewer):
    assert re.findall('data-filter-title="(.*?)"', page(viewer.get(LIST))) == [
        "table",
        "direction",
        "state",
        "need of a confirmation",
    ]


def test_a_browser_asks_for_no_icon(viewer):
    plan = SyncPlanFactory()

    assert '<link rel="icon" href="data:,">' in page(viewer.get(LIST))
    assert '<link rel="icon" href="data:,">' in page(viewer.get(page_of(plan)))


def test_the_latest_plan_comes_first(viewer):
    old, new = SyncPlanFactory(), SyncPlanFactory()

    assert listed(viewer.get(LIST)) == [new, old]


def test_every_table_can_be_synced_in_both_directions(operator):
    names = ["reseaux-de-chaleur", "reseaux-de-froid", "reseaux-en-construction"]

    assert actions(operator.get(LIST)) == [
        f"{LIST}sync/{direction}/{name}/"
        for name in names
        for direction in ("to_airtable", "from_airtable")
    ]


@pytest.mark.parametrize(
    ("verb", "buttons"), [("add", {"Dry run"}), ("apply", {"Sync"}), ("undo", set())]
)
def test_the_buttons_are_those_that_somebody_may_press(sign_in, verb, buttons):
    html = page(sign_in("view", verb).get(LIST))

    assert {word for word in ("Dry run", "Sync") if f">{word}</button>" in html} == buttons


@pytest.mark.usefixtures("not_configured")
def test_where_airtable_is_not_configured_it_says_so_instead(operator):
    response = operator.get(LIST)

    assert actions(response) == []
    assert (
        "Airtable is not configured: AIRTABLE_BASE not set. Set AIRTABLE_API_KEY to a personal "
        "access token and AIRTABLE_BASE to the id of the base, which begins with app; then run "
        "`manage.py airtable_check`."
    ) in text_of(page(response))


def test_plans_are_for_those_who_may_see_them(sign_in):
    plan = SyncPlanFactory()
    nobody = sign_in("apply", "undo")

    assert nobody.get(LIST).status_code == 403
    assert nobody.get(page_of(plan)).status_code == 403


def test_nothing_is_added_changed_or_deleted_by_hand(operator):
    plan = SyncPlanFactory()

    assert operator.get(f"{LIST}add/").status_code == 403
    assert operator.post(page_of(plan), {"state": "applied"}).status_code == 405
    assert operator.post(f"{LIST}{plan.pk}/delete/", {"post": "yes"}).status_code == 403


def test_lines_and_records_have_no_page_of_their_own():
    admin.autodiscover()

    assert not admin.site.is_registered(PlannedChange)
    assert not admin.site.is_registered(SyncedRecord)
