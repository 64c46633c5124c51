"""The statements that the ORM cannot say, each with its reason."""

import json
from typing import Any

# Enqueue one job or many: an INSERT by unnest, so that any number is one statement of one shape.
# A job whose unique_key already waits is not inserted; DO UPDATE (which changes nothing) rather
# than DO NOTHING, because it returns the waiting row and keeps it locked until the caller commits:
# no worker can start it before it could see the caller's changes. {user} is the type of the key
# of the project's users.
ENQUEUE = """
INSERT INTO jobs (id, type, data, user_id, entity_id, priority, run_at, due, unique_key,
                  blocked_by, max_attempts)
SELECT id, type, data, user_id, entity_id, priority, coalesce(run_at, statement_timestamp()), due,
       unique_key, blocked_by, max_attempts
FROM unnest(%s::uuid[], %s::text[], %s::jsonb[], %s::{user}[], %s::uuid[], %s::smallint[],
            %s::timestamptz[], %s::boolean[], %s::text[], %s::uuid[], %s::smallint[])
     AS new (id, type, data, user_id, entity_id, priority, run_at, due, unique_key, blocked_by,
             max_attempts)
ON CONFLICT (unique_key) WHERE status = 'pending' AND NOT unique_key = ''
DO UPDATE SET unique_key = jobs.unique_key
RETURNING *
"""

# Finish all that came back in one statement. It takes only rows that are still held under the
# lease they were claimed with, and skips a row that somebody else has locked just now. It tells
# the few that others wait for from the many, which then need no second statement.
# The status is not asked, for only a job that is processing has a worker (a constraint), and the
# planner would take jobs_held, which it believes to be empty, and read all of it for each result.
FINISH = """
WITH mine AS (
    SELECT jobs.id, back.result
    FROM unnest(%s::uuid[], %s::integer[], %s::bigint[], %s::jsonb[])
         AS back (id, lease, worker_id, result)
    JOIN jobs ON jobs.id = back.id AND jobs.lease = back.lease
         AND jobs.worker_id = back.worker_id
    FOR NO KEY UPDATE OF jobs SKIP LOCKED
)
UPDATE jobs
SET status = 'finished', worker_id = NULL, result = mine.result, progress = NULL,
    cancel_requested_at = NULL, finished_at = statement_timestamp(),
    updated_at = statement_timestamp()
FROM mine
WHERE jobs.id = mine.id
RETURNING jobs.id, EXISTS (
    SELECT FROM jobs AS child WHERE child.blocked_by = jobs.id AND child.status = 'pending'
)
"""


def as_json(value: Any) -> str | None:
    """A jsonb parameter inside an array; None is SQL's NULL."""
    return None if value is None else json.dumps(value)
