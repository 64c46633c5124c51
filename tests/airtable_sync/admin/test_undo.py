"""Undoing a plan from its page, once somebody is sure."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import SyncTable
from jobs.models import Job
from tests.admin.conftest import said, text
from tests.airtable_sync.admin.conftest import LIST, actions, page, page_of, section
from tests.airtable_sync.factories import SyncPlanFactory, plan_with
from tests.factories import JobFactory

SURE = {"sure": "yes"}
Action = PlannedChange.Action
State = SyncPlan.State


def undo(client, plan, **form):
    return client.post(f"{LIST}{plan.pk}/undo/", form, follow=True)


def test_the_page_says_in_numbers_what_it_would_do(operator):
    done = {Action.CREATE: 3, Action.CHANGE: 2, Action.DELETE: 1}
    lines = [
        {"action": action, "applied": True} for action, count in done.items() for _ in range(count)
    ]
    plan = plan_with(*lines, {"action": "conflict"}, applied=True)

    response = operator.get(page_of(plan))

    assert actions(response) == [f"{LIST}{plan.pk}/undo/"]
    assert section(response, "sync-offer") == (
        "Undo this plan It deletes 3 records from Airtable. It changes 2 records in Airtable. "
        "It creates 1 record in Airtable. "
        "If one of these cells has changed again since, nothing is put back. "
        f"Yes, undo plan {plan.pk} Undo this plan"
    )


def test_of_a_plan_that_was_applied_in_part_that_part_is_undone(operator):
    plan = plan_with({"applied": True}, {}, {"action": "create"}, state=State.INTERRUPTED)

    offer = section(operator.get(page_of(plan)), "sync-offer")

    assert offer.startswith("Undo this plan It changes 1 record in Airtable. If one of ")


@pytest.mark.parametrize("state", [State.PLANNED, State.UNDONE])
def test_only_what_was_applied_can_be_undone(operator, state):
    plan = plan_with({"applied": True}, state=state)

    assert f"{LIST}{plan.pk}/undo/" not in actions(operator.get(page_of(plan)))


def test_nothing_is_undone_while_it_is_being_applied(operator):
    job = JobFactory(processing=True)
    plan = plan_with({"applied": True}, state=State.APPLYING, job_id=job.pk)

    assert actions(operator.get(page_of(plan))) == []


def test_an_undoing_is_not_undone(operator):
    plan = plan_with({"applied": True}, applied=True, undoes=SyncPlanFactory(state=State.UNDONE))

    assert actions(operator.get(page_of(plan))) == []


def test_a_plan_that_changed_nothing_has_no_button(operator):
    plan = plan_with({"action": "conflict"}, applied=True)

    assert actions(operator.get(page_of(plan))) == []


def test_who_may_not_undo_has_no_button_and_cannot(sign_in):
    client, plan = sign_in("view", "add", "apply"), plan_with({"applied": True}, applied=True)

    assert actions(client.get(page_of(plan))) == []
    assert undo(client, plan, **SURE).status_code == 403
    assert not Job.objects.exists()


def test_who_is_not_sure_undoes_nothing(operator):
    plan = plan_with({"applied": True}, applied=True)

    response = undo(operator, plan)

    assert said(response) == ["Nothing was done: tick the box that says that you are sure."]
    assert not Job.objects.exists()


def test_who_is_sure_enqueues_a_job_that_undoes_the_plan(operator):
    plan = plan_with({"applied": True}, applied=True)

    response = undo(operator, plan, **SURE)

    job, undoing = Job.objects.get(), plan.undone_by.get()
    assert SyncTable(**job.data) == SyncTable(name="reseaux-de-chaleur", plan_id=undoing.pk)
    assert said(response) == [f"Job {job.pk} was enqueued: it undoes this plan."]
    assert f"Undoing to be undone by {undoing.pk}" in text(response)


def test_while_that_job_is_at_work_it_is_not_offered_again(operator):
    plan = plan_with({"applied": True}, applied=True)

    response = undo(operator, plan, **SURE)

    undoing = plan.undone_by.get()
    assert actions(response) == []
    assert f"A job is undoing this plan: plan {undoing.pk} shows how far it is." in text(response)
    assert f'<a href="{page_of(undoing)}">plan {undoing.pk}</a>' in page(response)


def test_once_that_job_has_failed_it_is_offered_again(operator):
    plan = plan_with({"applied": True}, applied=True)
    SyncPlanFactory(undoes=plan, job_id=JobFactory(failed=True).pk)

    assert actions(operator.get(page_of(plan))) == [f"{LIST}{plan.pk}/undo/"]


def test_the_page_of_the_undoing_then_shows_that_job(operator):
    plan = plan_with({"applied": True}, applied=True)
    undo(operator, plan, **SURE)

    shown = text(operator.get(page_of(plan.undone_by.get())))

    assert f"Undoing undoes {plan.pk}" in shown
    assert f"○ pending {Job.objects.get().pk}" in shown


def test_who_asked_for_it_is_in_the_history(operator):
    plan = plan_with({"applied": True}, applied=True)

    undo(operator, plan, **SURE)

    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.object_id) == (operator.user.pk, str(plan.pk))
    assert (entry.action_flag, entry.change_message) == (
        CHANGE,
        f"Asked to undo it: job {Job.objects.get().pk}.",
    )


def test_what_cannot_be_undone_is_said(operator):
    plan = plan_with({})

    response = undo(operator, plan, **SURE)

    assert said(response) == [
        f"Plan {plan.pk} (reseaux-de-chaleur to Airtable) is planned; "
        "only what was applied, wholly or in part, can be undone."
    ]
    assert not Job.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.usefixtures("not_configured")
def test_where_airtable_is_not_configured_no_plan_is_left_behind(operator):
    plan = plan_with({"applied": True}, applied=True)

    response = undo(operator, plan, **SURE)

    assert said(response)[0].startswith("Airtable is not configured: AIRTABLE_BASE not set.")
    assert SyncPlan.objects.get() == plan


def test_nothing_is_undone_by_looking(operator):
    plan = plan_with({"applied": True}, applied=True)

    assert operator.get(f"{LIST}{plan.pk}/undo/", SURE).status_code == 405
