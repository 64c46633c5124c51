"""The statements that the ORM cannot say, each with its reason."""

import json
from typing import Any

# Enqueue one job that meets no other. What it does not say is left to the table's defaults.
ENQUEUE_ONE = "INSERT INTO jobs ({columns}) VALUES ({values}) RETURNING created_at"

# Enqueue many that meet no other: half the work of an INSERT.
ENQUEUE_MANY = "COPY jobs ({columns}) FROM STDIN"

# Enqueue jobs that may meet others: an INSERT by unnest, so that any number is one statement of one
# shape. A job whose unique_key already waits is not inserted; DO UPDATE, which may change nothing,
# rather than DO NOTHING, because it returns the waiting row and keeps it locked until the caller
# commits: no worker can start it before it could see the caller's changes. {user} is the type of
# the key of the project's users.
# What waits has the higher priority and the earlier hour of the two. But one that was claimed
# before (its lease tells) and waits now was put off by its own run, and keeps that hour.
ENQUEUE = """
WITH new AS MATERIALIZED (
    SELECT *
    FROM unnest(%s::uuid[], %s::text[], %s::jsonb[], %s::{user}[], %s::uuid[], %s::smallint[],
                %s::timestamptz[], %s::boolean[], %s::text[], %s::uuid[], %s::smallint[],
                %s::boolean[])
         AS new (id, type, data, user_id, entity_id, priority, run_at, due, unique_key, blocked_by,
                 max_attempts, replaces)
)
INSERT INTO jobs (id, type, data, user_id, entity_id, priority, run_at, due, unique_key,
                  blocked_by, max_attempts)
SELECT id, type, data, user_id, entity_id, priority, coalesce(run_at, statement_timestamp()), due,
       unique_key, blocked_by, max_attempts
FROM new
ON CONFLICT (type, unique_key) WHERE status = 'pending' AND NOT unique_key = ''
DO UPDATE SET (priority, run_at, due, data, user_id, entity_id, updated_at) = (
    SELECT greatest(jobs.priority, excluded.priority),
           hour,
           jobs.due OR (jobs.lease = 0 AND jobs.blocked_by IS NULL
                        AND hour <= statement_timestamp()),
           CASE WHEN replaced THEN excluded.data ELSE jobs.data END,
           CASE WHEN replaced THEN excluded.user_id ELSE jobs.user_id END,
           CASE WHEN replaced THEN excluded.entity_id ELSE jobs.entity_id END,
           CASE WHEN replaced OR hour < jobs.run_at OR excluded.priority > jobs.priority
                THEN statement_timestamp() ELSE jobs.updated_at END
    FROM (VALUES (
        CASE WHEN jobs.lease = 0 THEN least(jobs.run_at, excluded.run_at) ELSE jobs.run_at END,
        excluded.id IN (SELECT id FROM new WHERE replaces)
    )) AS met (hour, replaced)
)
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

# What can be claimed: one with a unique_key waits until the running one of its type with the same
# has ended.
CLAIMABLE = """status = 'pending' AND {choice} AND (unique_key = '' OR NOT EXISTS (
    SELECT FROM jobs AS twin
    WHERE twin.type = jobs.type AND twin.unique_key = jobs.unique_key
      AND twin.status = 'processing' AND NOT twin.unique_key = ''
))"""
DUE_OF_TYPES = CLAIMABLE.format(choice="due AND type = ANY (%(choice)s::text[])")
THIS_ONE = CLAIMABLE.format(choice="id = %(choice)s::uuid AND blocked_by IS NULL")

# A worker's turn: finish what came back and claim what there is room for, in one round trip and one
# commit. A statement for both is what makes small batches cheap.
# Each row is found once, by an index, and locked; then it is written where it lies (its ctid), for
# nobody can change it any more. One that was changed between the look and the lock lies where this
# statement does not see it: it is left for the next turn.
# Two things keep the generic plan off the wrong indexes, whatever the statistics say: the worker is
# compared as an expression (its index is believed to be empty, and would be read whole for each
# result), and the status is not asked (see FINISH). tests/jobs/test_turn.py looks.
# Of the jobs that have crashed before, no more are taken than can run alone: one that takes its
# worker down must not count against those that merely wait in its queue.
# Whether any job waits for another is asked once, before it is asked of each job that finished. The
# first row is about all that finished: their ids, those that others wait for, and whether a job may
# be claimed now that could not be a moment ago. The others are the claimed.
TURN = """
WITH waiting AS (
    SELECT EXISTS (SELECT FROM jobs WHERE status = 'pending' AND blocked_by IS NOT NULL) AS found
), back AS MATERIALIZED (
    SELECT jobs.ctid AS row, given.result
    FROM unnest(%(ids)s::uuid[], %(leases)s::integer[], %(results)s::jsonb[])
         AS given (id, lease, result)
    JOIN jobs ON jobs.id = given.id
    WHERE jobs.lease = given.lease AND jobs.worker_id + 0 = %(worker)s
    FOR NO KEY UPDATE OF jobs SKIP LOCKED
), finished AS (
    UPDATE jobs
    SET status = 'finished', worker_id = NULL, result = back.result, progress = NULL,
        cancel_requested_at = NULL, finished_at = statement_timestamp(),
        updated_at = statement_timestamp()
    FROM back
    WHERE jobs.ctid = back.row
    RETURNING jobs.id, NOT unique_key = '' AS keyed, (SELECT found FROM waiting) AND EXISTS (
        SELECT FROM jobs AS child WHERE child.blocked_by = jobs.id AND child.status = 'pending'
    ) AS awaited
), picked AS MATERIALIZED (
    SELECT ctid AS row, crashes
    FROM jobs
    WHERE {claimable}
    ORDER BY priority DESC, run_at, id
    LIMIT %(room)s
    FOR NO KEY UPDATE SKIP LOCKED
), claimed AS (
    UPDATE jobs
    SET status = 'processing', worker_id = %(worker)s, lease = lease + 1, attempts = attempts + 1,
        started_at = statement_timestamp(), updated_at = statement_timestamp()
    WHERE ctid = ANY (ARRAY(
        SELECT row FROM picked WHERE crashes = 0
        UNION ALL (SELECT row FROM picked WHERE crashes > 0 LIMIT %(suspects)s)
    ))
    RETURNING id, lease, type, attempts, crashes, data, user_id, entity_id, priority, run_at
)
SELECT array_agg(id)::text, NULL::integer, (array_agg(id) FILTER (WHERE awaited))::text,
       NULL::smallint, NULL::smallint, NULL, NULL, bool_or(keyed OR awaited)::text
FROM finished
UNION ALL (
    SELECT id::text, lease, type, attempts, crashes, data::text, user_id::text, entity_id::text
    FROM claimed
    ORDER BY priority DESC, run_at, id
)
"""
# A heartbeat, in one round trip: it prolongs a lease that has not lapsed, and returns no row if it
# has. It tells which of the held jobs are to be cancelled or are not known to their holder, and
# whether somebody has to look after others: there is a worker whose lease has lapsed, a job whose
# holder is gone, or, in the part of what waits that comes after `past`, a job whose parent has
# ended. It only looks, and locks no row but the worker's own; the rest is done by sweeping.
# Two things keep its generic plan from growing with the table: the known ids are asked by NOT IN (a
# hash, where a join might compare each with each), and a parent's status is asked for row by row
# (a join might read all of the table for them).
BEAT = """
WITH alive AS (
    UPDATE job_workers
    SET seen_at = statement_timestamp(), alive_until = statement_timestamp() + %(lease)s
    WHERE id = %(worker)s AND alive_until > statement_timestamp()
    RETURNING id
), part AS MATERIALIZED (
    SELECT blocked_by
    FROM jobs
    WHERE status = 'pending' AND blocked_by > %(past)s::uuid
    ORDER BY blocked_by
    LIMIT %(part)s
)
SELECT
    EXISTS (SELECT FROM job_workers WHERE alive_until <= statement_timestamp())
    OR EXISTS (
        SELECT FROM jobs
        WHERE status = 'processing' AND NOT EXISTS (
            SELECT FROM job_workers AS holder WHERE holder.id = jobs.worker_id
        )
    )
    OR EXISTS (
        SELECT FROM part
        WHERE coalesce(
            (SELECT status FROM jobs AS parent WHERE parent.id = part.blocked_by), 'gone'
        ) NOT IN ('pending', 'processing')
    ),
    (SELECT blocked_by FROM part ORDER BY blocked_by OFFSET %(part)s - 1 LIMIT 1),
    mine.id::text, mine.lease, mine.cancel_requested_at IS NOT NULL
FROM alive
LEFT JOIN jobs AS mine
    ON mine.worker_id = %(worker)s AND mine.status = 'processing'
    AND (mine.cancel_requested_at IS NOT NULL
         OR mine.id NOT IN (SELECT unnest(%(known)s::uuid[])))
"""

# A poll, in one round trip: it lets a batch of the jobs whose hour has come be claimed, and tells
# how many, the seconds until the next hour (below 0 if a row was left: there are more than a batch,
# or somebody has it locked), and whether something could be claimed even before.
# All is read as it was before the statement, so the next hour is that of the first job after as
# many as were taken. What could be claimed is asked under the conditions of TURN and in the order
# of claiming, which keeps it on the claim's index; tests/jobs/test_poll.py compares the two.
POLL = """
WITH come AS MATERIALIZED (
    SELECT id
    FROM jobs
    WHERE status = 'pending' AND NOT due AND blocked_by IS NULL AND run_at <= statement_timestamp()
    ORDER BY run_at
    LIMIT %(batch)s
    FOR NO KEY UPDATE SKIP LOCKED
), made AS (
    UPDATE jobs SET due = true WHERE id = ANY (ARRAY(SELECT id FROM come)) RETURNING id
)
SELECT
    (SELECT count(*) FROM made),
    (
        SELECT extract(epoch FROM run_at - statement_timestamp())::double precision
        FROM jobs
        WHERE status = 'pending' AND NOT due AND blocked_by IS NULL
        ORDER BY run_at
        OFFSET (SELECT count(*) FROM come)
        LIMIT 1
    ),
    (
        SELECT id
        FROM jobs
        WHERE {claimable}
        ORDER BY priority DESC, run_at, id
        LIMIT 1
    ) IS NOT NULL
"""


def as_json(value: Any) -> str | None:
    """A jsonb parameter inside an array; None is SQL's NULL."""
    return None if value is None else json.dumps(value)
