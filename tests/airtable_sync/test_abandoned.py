"""Plans whose job has ended without a word."""

import pytest

from airtable_sync.models import SyncPlan
from airtable_sync.plans import interrupt_abandoned
from tests.airtable_sync.factories import SyncPlanFactory
from tests.factories import JobFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe_type")]
APPLYING, INTERRUPTED = SyncPlan.State.APPLYING, SyncPlan.State.INTERRUPTED


@pytest.mark.parametrize("how", ["finished", "failed"])
def test_a_plan_is_interrupted_once_its_job_has_ended(how):
    plan = SyncPlanFactory(state=APPLYING, job_id=JobFactory(**{how: True}).pk)

    interrupt_abandoned()

    plan.refresh_from_db()
    assert plan.state == INTERRUPTED
    assert plan.applied_at is not None


def test_a_plan_whose_job_is_pruned_is_interrupted():
    plan = SyncPlanFactory(state=APPLYING, job_id="01a20fd8-0000-7000-8000-000000000000")

    interrupt_abandoned()

    plan.refresh_from_db()
    assert plan.state == INTERRUPTED


@pytest.mark.parametrize("how", [{}, {"processing": True}])
def test_a_plan_whose_job_goes_on_or_is_tried_again_is_left_alone(how):
    plan = SyncPlanFactory(state=APPLYING, job_id=JobFactory(**how).pk)

    interrupt_abandoned()

    plan.refresh_from_db()
    assert plan.state == APPLYING


def test_a_plan_that_waits_needs_no_job():
    plan = SyncPlanFactory(job_id=None)

    interrupt_abandoned()

    plan.refresh_from_db()
    assert plan.state == SyncPlan.State.PLANNED
