from datetime import timedelta

from django.apps import AppConfig
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _


class AirtableSyncConfig(AppConfig):
    """Keeps the networks and an Airtable base in step."""

    name = "airtable_sync"
    verbose_name = "Airtable"

    def ready(self) -> None:
        from airtable_sync import checks  # noqa: F401  registers them
        from airtable_sync.conf import is_configured
        from airtable_sync.payload import TYPES
        from networks.following import only_if

        self.register_types()
        for name in TYPES.values():
            # Changes of networks are followed by no job that could only fail.
            only_if(name, is_configured)

    def register_types(self) -> None:
        from airtable_sync.errors import AirtableUnavailable, RecordIsGone, StillApplying
        from airtable_sync.handlers import sync_geometries, sync_metadata
        from airtable_sync.payload import TYPES, Direction, SyncTable, TableSynced
        from jobs.registry import Backoff, job_types

        for direction, handler, label in [
            (Direction.TO_AIRTABLE, sync_geometries, _("Sync geometries to Airtable")),
            (Direction.FROM_AIRTABLE, sync_metadata, _("Sync metadata from Airtable")),
        ]:
            job_types.register(
                TYPES[direction],
                handler,
                payload=SyncTable,
                result=TableSynced,
                timeout=timedelta(hours=2),
                # Each attempt goes on where the last one stopped.
                max_attempts=5,
                retry_on=(AirtableUnavailable, RecordIsGone, StillApplying, DatabaseError),
                backoff=Backoff(first=timedelta(minutes=1)),
                label=label,
            )
