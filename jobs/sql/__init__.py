"""The statements that the ORM cannot say, each with its reason.

`enqueue` brings jobs into the table, `claim` has the turn that a busy worker lives by, `end` says
what becomes of claims otherwise and of what waits for them, `watch` is asked again and again.
"""

import json
from typing import Any

from jobs.sql.claim import FIRST_TYPES, THIS_ONE, of_types, turn
from jobs.sql.end import END, FINISH, REPORT, SETTLE
from jobs.sql.enqueue import ENQUEUE, ENQUEUE_MANY, ENQUEUE_ONE
from jobs.sql.watch import BEAT, BURY, CLAIMABLE, GONE, LOOK, POLL, THIS_ONE_CLAIMABLE

__all__ = [
    "BEAT",
    "BURY",
    "CLAIMABLE",
    "END",
    "ENQUEUE",
    "ENQUEUE_MANY",
    "ENQUEUE_ONE",
    "FINISH",
    "FIRST_TYPES",
    "GONE",
    "LOOK",
    "POLL",
    "REPORT",
    "SETTLE",
    "THIS_ONE",
    "THIS_ONE_CLAIMABLE",
    "as_json",
    "of_types",
    "turn",
]


def as_json(value: Any) -> str | None:
    """A jsonb parameter inside an array; None is SQL's NULL."""
    return None if value is None else json.dumps(value)
