"""The jobs `sync_geometries_to_airtable` and `sync_metadata_from_airtable`.

Every process imports this file; what the jobs need, only those that run one.
"""

from airtable_sync.payload import TableSynced
from jobs.running import RunningJob


def sync_geometries(job: RunningJob) -> TableSynced:
    """Send to Airtable what follows from the geometries, where it differs."""
    from airtable_sync.runs import ToAirtable

    return ToAirtable(job).run()


def sync_metadata(job: RunningJob) -> TableSynced:
    """Take from Airtable the metadata that differ."""
    from airtable_sync.runs import FromAirtable

    return FromAirtable(job).run()
