"""Remembering what both sides agree on, and what an undo refused."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from airtable_sync.values import Cell

# A merge of columns into what is known of each record, in one statement. In the order of the keys,
# or two jobs of the same table could wait for each other. What is agreed on is not held any more.
AGREE = """
INSERT INTO airtable_records (base, name, key, record_id, agreed, held)
SELECT %s, %s, key, record_id, agreed, held
FROM unnest(%s::integer[], %s::text[], %s::jsonb[], %s::jsonb[])
     AS new (key, record_id, agreed, held)
ORDER BY key
ON CONFLICT (base, name, key) DO UPDATE
SET record_id = coalesce(nullif(excluded.record_id, ''), airtable_records.record_id),
    agreed = CASE WHEN excluded.record_id IN ('', airtable_records.record_id)
                  OR airtable_records.record_id = ''
             THEN airtable_records.agreed ELSE '{}' END || excluded.agreed,
    held = (CASE WHEN excluded.record_id IN ('', airtable_records.record_id)
                  OR airtable_records.record_id = ''
            THEN airtable_records.held ELSE '{}' END
            - ARRAY(SELECT jsonb_object_keys(excluded.agreed))) || excluded.held
"""


@dataclass(frozen=True)
class Agreement:
    """Cells of one record that both sides have; and what was undone, so that it stays undone."""

    key: int
    record_id: str
    agreed: dict[str, Cell]
    held: dict[str, Cell] = field(default_factory=dict)


def remember(base: str, name: str, agreements: Iterable[Agreement]) -> None:
    rows = [
        (one.key, one.record_id, json.dumps(one.agreed), json.dumps(one.held)) for one in agreements
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"airtable {name}"])
            cursor.execute(AGREE, [base, name, *map(list, zip(*rows, strict=True))])
