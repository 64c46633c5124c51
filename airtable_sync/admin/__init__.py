"""The page where administrators see what syncs did, or would do, and put it right."""

from airtable_sync.admin.plans import SyncPlanAdmin

__all__ = ["SyncPlanAdmin"]
