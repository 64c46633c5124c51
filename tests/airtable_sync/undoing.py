"""Plans that were applied, and undoing them by jobs that run at once."""

from airtable_sync.models import SyncPlan
from airtable_sync.payload import Direction, TableSynced
from airtable_sync.undoing import undo
from jobs.models import Job
from networks.models import HeatNetwork
from standins.airtable import AirtableStandin
from tests.airtable_sync.syncing import change, pull, push, sync


def undone(plan_id: int) -> TableSynced:
    plan = SyncPlan.objects.get(pk=plan_id)
    return run(undo(plan, by=None), plan)


def run(job: Job, plan: SyncPlan) -> TableSynced:
    plan_id = job.data["plan_id"]
    return sync(Direction(plan.direction), plan.name, id=job.pk, plan_id=plan_id)


def state(plan_id: int) -> str:
    return SyncPlan.objects.get(pk=plan_id).state


def moved(heat: HeatNetwork) -> int:
    """The plan by which its communes were sent, Yzeure instead of Moulins."""
    heat.communes = ["Yzeure"]
    heat.save()
    return push().plan_id


def taken_over(standin: AirtableStandin, heat: HeatNetwork) -> int:
    """The plan by which its manager was taken, Engie instead of Chaleur SA."""
    change(standin, heat.pk, {"Gestionnaire": "Engie"})
    return pull().plan_id
