"""The page of a plan: what became of it, who did it, and the job that is at work on it."""

from uuid import uuid4

import pytest
from django.utils import timezone

from airtable_sync.drafting import Draft
from airtable_sync.models import PlannedChange, SyncPlan
from tests.admin.conftest import text
from tests.airtable_sync.admin.conftest import page, page_of
from tests.airtable_sync.factories import SyncPlanFactory, plan_with
from tests.factories import JobFactory, UserFactory

Action = PlannedChange.Action
MORNING = timezone.datetime.fromisoformat("2026-03-01T08:30:00+01:00")


def test_it_says_what_was_done_when_and_by_whom(viewer):
    plan = SyncPlanFactory(
        applied=True,
        rows=900,
        made_at=MORNING,
        applied_at=MORNING,
        made_by=UserFactory(username="nadia"),
        applied_by=UserFactory(username="karim"),
    )
    undoing = SyncPlanFactory(undoes=plan)

    shown = text(viewer.get(page_of(plan)))

    assert f"Plan {plan.pk}: FCU - Réseaux de chaleur to Airtable" in shown
    assert (
        "Table FCU - Réseaux de chaleur reseaux-de-chaleur Rows 900 "
        "Made 2026-03-01 08:30 nadia Applied 2026-03-01 08:30 karim "
        f"Undoing to be undone by {undoing.pk} Job –"
    ) in shown


def test_a_plan_of_a_table_that_is_synced_no_more_can_be_read(viewer):
    plan = plan_with({}, name="reseaux-de-gaz")

    assert viewer.get(page_of(plan)).status_code == 200


def test_a_plan_over_the_fuse_says_by_how_much(viewer):
    plan = plan_with(
        *({"action": action} for action in Action),
        {"action": "problem", "cells": {"id_fcu": [None, "the number is missing"]}},
        rows=12,
        needs_confirmation=True,
    )

    assert Draft(12, list(plan.changes.all())).concerned == 3
    assert (
        "3 of 12 rows would change or have lost their counterpart: 25 %. A person has to confirm "
        "more than 20 % (AIRTABLE_FUSE_PERCENT). Look at the lines below; if they are right, "
        "apply the plan."
    ) in text(viewer.get(page_of(plan)))


def test_a_plan_that_was_confirmed_does_not_ask_again(viewer):
    plan = plan_with({}, applied=True, needs_confirmation=True)

    assert "AIRTABLE_FUSE_PERCENT" not in text(viewer.get(page_of(plan)))


def test_a_plan_that_was_applied_in_part_says_what_to_do(viewer):
    plan = SyncPlanFactory(state=SyncPlan.State.INTERRUPTED)

    assert (
        "It was applied in part: the lines that were written say when. "
        "Sync again for the rest, or undo what was written."
    ) in text(viewer.get(page_of(plan)))


def test_a_plan_that_undoes_another_says_so_in_its_title(viewer):
    plan = SyncPlanFactory(undoes=SyncPlanFactory())

    title = (
        f"Plan {plan.pk}, which undoes plan {plan.undoes_id}: FCU - Réseaux de chaleur to Airtable"
    )
    response = viewer.get(page_of(plan))
    assert f"<h1>{title}</h1>" in page(response)
    assert f"<title>{title} | " in page(response)


@pytest.mark.parametrize("status", ["pending", "processing"])
def test_while_a_job_is_at_work_nobody_has_to_confirm(viewer, status):
    job = JobFactory(**{status: True})
    plan = plan_with({}, needs_confirmation=True, job_id=job.pk)

    shown = text(viewer.get(page_of(plan)))

    assert "A job is at work on this plan. Reload this page to see how far it is." in shown
    assert "confirm" not in shown


def test_once_that_job_has_failed_somebody_has_to(viewer):
    job = JobFactory(failed=True)
    plan = plan_with({}, needs_confirmation=True, job_id=job.pk)

    shown = text(viewer.get(page_of(plan)))

    assert "▲ needs a confirmation" in shown
    assert "A job is at work" not in shown


def test_a_plan_whose_job_has_ended_without_a_word_was_interrupted(viewer):
    job = JobFactory(failed=True)
    plan = plan_with({"applied": True}, {}, state=SyncPlan.State.APPLYING, job_id=job.pk)

    shown = text(viewer.get(page_of(plan)))

    assert "✖ interrupted It was applied in part: " in shown
    plan.refresh_from_db()
    assert plan.state == SyncPlan.State.INTERRUPTED


def test_while_its_job_is_at_work_it_shows_how_far_it_is(viewer):
    job = JobFactory(processing=True, progress={"done": 1, "total": 4, "message": "records sent"})
    plan = SyncPlanFactory(state=SyncPlan.State.APPLYING, job_id=job.pk)

    response = viewer.get(page_of(plan))

    assert '<progress max="100" value="25" aria-label="Progress">' in page(response)
    assert "1 / 4 · 25 % records sent" in text(response)
    assert f'▶</span> processing</span> <a href="/admin/jobs/job/{job.pk}/change/">' in page(
        response
    )


def test_once_its_job_has_ended_it_shows_no_progress(viewer):
    job = JobFactory(finished=True, progress={"done": 4, "total": 4, "message": "records sent"})
    plan = SyncPlanFactory(applied=True, job_id=job.pk)

    shown = text(viewer.get(page_of(plan)))

    assert f"✔ finished {job.pk}" in shown
    assert "records sent" not in shown


def test_it_shows_why_its_job_failed(viewer):
    job = JobFactory(failed=True, error={"kind": "exception", "message": "PlanIsStale: <no>"})
    plan = SyncPlanFactory(job_id=job.pk)

    assert f"✖ error {job.pk} Error PlanIsStale: <no>" in text(viewer.get(page_of(plan)))


def test_a_job_that_was_pruned_is_gone(viewer):
    plan = SyncPlanFactory(job_id=uuid4())

    assert f"Job {plan.job_id} (gone)" in text(viewer.get(page_of(plan)))


@pytest.mark.parametrize("number", ["4000000", "99999999999999999999", "one"])
def test_there_is_no_page_of_what_is_no_plan(viewer, number):
    assert viewer.get(f"/admin/airtable_sync/syncplan/{number}/change/").status_code == 404
