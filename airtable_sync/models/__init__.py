from airtable_sync.models.change import PlannedChange
from airtable_sync.models.pace import BasePace
from airtable_sync.models.plan import SyncPlan
from airtable_sync.models.synced import SyncedRecord

__all__ = ["BasePace", "PlannedChange", "SyncPlan", "SyncedRecord"]
