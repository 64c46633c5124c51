"""Airtable, as `pyairtable` asks it: in turn, patiently, and without telling the key."""

from airtable_sync.client.airtable import Airtable
from airtable_sync.client.records import Record, Table, Upsert

__all__ = ["Airtable", "Record", "Table", "Upsert"]
