"""A stand-in of Airtable, over HTTP, with the ways in which it can fail.

It answers as the documented service does, so that a client for that one needs no change.
"""

from standins.airtable.base import BASE, KEY
from standins.airtable.faults import Fault
from standins.airtable.schema import FieldSchema, TableSchema
from standins.airtable.server import AirtableStandin
from standins.airtable.table import Table

__all__ = ["BASE", "KEY", "AirtableStandin", "Fault", "FieldSchema", "Table", "TableSchema"]
