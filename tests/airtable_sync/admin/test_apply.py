"""Applying a plan from its page, once somebody is sure."""

import re
from unittest.mock import Mock

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import SyncTable
from jobs.models import Job
from tests.admin.conftest import said, text
from tests.airtable_sync.admin.conftest import LIST, actions, page, page_of, section
from tests.airtable_sync.factories import plan_with
from tests.factories import JobFactory

SURE = {"sure": "yes"}
State = SyncPlan.State
EVERYTHING = [{"action": action} for action in PlannedChange.Action for _ in range(2)]


def apply(client, plan, **form):
    return client.post(f"{LIST}{plan.pk}/apply/", form, follow=True)


def choices(response) -> list[str]:
    return re.findall('name="also" value="(.*?)"', page(response))


def test_the_page_says_in_numbers_what_it_would_do(operator):
    plan = plan_with(*EVERYTHING)

    response = operator.get(page_of(plan))

    assert actions(response) == [f"{LIST}{plan.pk}/apply/"]
    assert section(response, "sync-offer") == (
        "Apply this plan It creates 2 records in Airtable. It changes 2 records in Airtable. "
        "It deletes 2 records from Airtable. "
        "If what it rests on has changed since it was made, nothing is written. "
        "Also overwrite 2 conflicts Also take 2 lines that are held back "
        f"Also delete 2 orphans from Airtable Yes, apply plan {plan.pk} Apply this plan"
    )


def test_what_a_search_leaves_out_is_applied_too_and_counted(operator):
    plan = plan_with({}, {}, {})

    response = operator.get(page_of(plan), {"q": "nothing"})

    assert "It changes 3 records in Airtable." in section(response, "sync-offer")


def test_a_sync_from_airtable_changes_networks_and_deletes_nothing(operator):
    lines = [{}, {"action": "conflict"}, {"action": "orphan"}]
    plan = plan_with(*lines, from_airtable=True)

    response = operator.get(page_of(plan))

    assert "It changes 1 network here." in section(response, "sync-offer")
    assert choices(response) == ["conflicts"]


@pytest.mark.parametrize("state", [State.APPLIED, State.INTERRUPTED, State.UNDONE])
def test_only_a_plan_that_waits_can_be_applied(operator, state):
    plan = plan_with(*EVERYTHING, state=state)

    assert actions(operator.get(page_of(plan))) == []


def test_where_there_is_nothing_to_apply_no_button_is_there(operator):
    plan = plan_with({"action": "problem"}, {"action": "orphan"}, from_airtable=True)

    assert actions(operator.get(page_of(plan))) == []


def test_while_a_job_is_at_it_no_button_is_there(operator):
    plan = plan_with({}, job_id=JobFactory(pending=True).pk)

    assert actions(operator.get(page_of(plan))) == []


def test_who_may_not_apply_has_no_button_and_cannot(sign_in):
    client, plan = sign_in("view", "add", "undo"), plan_with({})

    assert actions(client.get(page_of(plan))) == []
    assert apply(client, plan, **SURE).status_code == 403
    assert not Job.objects.exists()


def test_who_may_not_see_a_plan_cannot_apply_it(sign_in):
    plan = plan_with({})

    assert apply(sign_in("apply"), plan, **SURE).status_code == 403
    assert not Job.objects.exists()


def test_who_is_not_sure_applies_nothing(operator):
    plan = plan_with({})

    response = apply(operator, plan)

    assert said(response) == ["Nothing was done: tick the box that says that you are sure."]
    assert not Job.objects.exists()


def test_who_is_sure_enqueues_a_job_that_applies_the_plan(operator):
    plan = plan_with({}, needs_confirmation=True)

    response = apply(operator, plan, **SURE)

    job = Job.objects.get()
    assert job.type == "sync_geometries_to_airtable"
    assert SyncTable(**job.data) == SyncTable(name="reseaux-de-chaleur", plan_id=plan.pk)
    assert job.user_id == operator.user.pk
    assert said(response) == [f"Job {job.pk} was enqueued: it applies this plan."]


def test_the_page_then_shows_that_job(operator):
    plan = plan_with({})

    response = apply(operator, plan, **SURE)

    assert f"○ pending {Job.objects.get().pk}" in text(response)


def test_who_asked_for_it_is_in_the_history(operator):
    plan = plan_with({})

    apply(operator, plan, **SURE)

    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.object_id) == (operator.user.pk, str(plan.pk))
    assert (entry.action_flag, entry.change_message) == (
        CHANGE,
        f"Asked to apply it: job {Job.objects.get().pk}.",
    )
    assert entry.change_message in text(operator.get(f"{LIST}{plan.pk}/history/"))


def test_what_cannot_be_recorded_is_not_done(operator, monkeypatch):
    plan = plan_with({})
    monkeypatch.setattr(LogEntry.objects, "log_actions", Mock(side_effect=ConnectionError))

    with pytest.raises(ConnectionError):
        apply(operator, plan, **SURE)

    assert not Job.objects.exists()


def test_what_is_ticked_is_applied_too_and_nothing_that_is_not_offered(operator):
    plan = plan_with(*EVERYTHING)

    apply(operator, plan, also=["orphans", "conflicts", "everything"], **SURE)

    assert Job.objects.get().data["also"] == ["conflicts", "orphans"]


def test_a_plan_that_was_applied_meanwhile_is_not_applied_again(operator):
    plan = plan_with({}, applied=True)

    response = apply(operator, plan, **SURE)

    assert said(response) == [
        f"Plan {plan.pk} (reseaux-de-chaleur to Airtable) is applied; "
        "only a plan that waits can be applied. Make another."
    ]
    assert not Job.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.usefixtures("not_configured")
def test_where_airtable_is_not_configured_it_says_so_instead(operator):
    plan = plan_with({}, needs_confirmation=True)

    response = operator.get(page_of(plan))

    assert actions(response) == []
    assert "Airtable is not configured: AIRTABLE_BASE not set." in text(response)
    assert said(apply(operator, plan, **SURE))[0].startswith("Airtable is not configured: ")
    assert not LogEntry.objects.exists()


def test_a_table_that_is_synced_no_more_is_said(operator):
    plan = plan_with({}, name="reseaux-de-gaz")

    assert said(apply(operator, plan, **SURE)) == [
        "No table 'reseaux-de-gaz' is synced; there are reseaux-de-chaleur, reseaux-de-froid, "
        "reseaux-en-construction."
    ]


def test_nothing_is_applied_by_looking(operator):
    plan = plan_with({})

    assert operator.get(f"{LIST}{plan.pk}/apply/", SURE).status_code == 405
    assert operator.post(f"{LIST}4000000/apply/", SURE).status_code == 404
