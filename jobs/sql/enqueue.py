"""How jobs come into the table."""

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
