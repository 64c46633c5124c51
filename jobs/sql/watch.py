"""What workers say and look at again and again, idle or busy."""

from jobs.sql.claim import FREE

# A heartbeat: it prolongs a worker's life if that has not ended, and says what it runs. It touches
# no table but the workers', so that nothing that happens to the jobs can end a worker. It returns
# the seconds until the next of the others is believed dead, unless it says something before: below
# 0 if there is one already, NULL if there are no others. It returns no row if it is this one.
BEAT = """
UPDATE job_workers
SET seen_at = statement_timestamp(), alive_until = statement_timestamp() + %(alive_for)s,
    running = %(running)s::uuid[]
WHERE id = %(worker)s AND alive_until > statement_timestamp()
RETURNING (
    SELECT extract(epoch FROM min(alive_until) - statement_timestamp())::double precision
    FROM job_workers AS other
    WHERE other.id <> %(worker)s
)
"""

# Remove the workers who have died, but those who are prolonging their lives just now. What they
# said that they ran has begun: it becomes a suspect, and a suspect that is lost has crashed.
BURY = """
WITH dead AS (
    DELETE FROM job_workers
    WHERE id = ANY (ARRAY(
        SELECT id FROM job_workers
        WHERE alive_until <= statement_timestamp()
        FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, running
), begun AS MATERIALIZED (
    SELECT jobs.ctid AS row
    FROM dead CROSS JOIN unnest(dead.running) AS named (id)
    JOIN jobs ON jobs.id = named.id
    WHERE jobs.worker_id + 0 = dead.id
    FOR NO KEY UPDATE OF jobs SKIP LOCKED
), marked AS (
    UPDATE jobs SET suspect = true FROM begun WHERE jobs.ctid = begun.row
)
SELECT id FROM dead
"""

# The holders of jobs that are not there (any more): one look into the index for each holder,
# however many jobs each has.
GONE = """
WITH RECURSIVE holders AS (
    (SELECT worker_id FROM jobs WHERE status = 'processing' ORDER BY worker_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT worker_id FROM jobs
        WHERE status = 'processing' AND worker_id > holders.worker_id
        ORDER BY worker_id
        LIMIT 1
    )
    FROM holders
    WHERE holders.worker_id IS NOT NULL
)
SELECT worker_id FROM holders
WHERE worker_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM job_workers WHERE job_workers.id = holders.worker_id)
"""

# A look at the jobs, in one round trip. It tells which of the held jobs are to be cancelled or are
# not known to their holder, and whether somebody has to look after others: there is a job whose
# holder is gone, or, in the part of what waits that comes after `past`, a job whose parent has
# ended. It locks no row; the rest is done by sweeping.
# Two things keep its generic plan from growing with the table: the known ids are asked by NOT IN (a
# hash, where a join might compare each with each), and a parent's status is asked for row by row
# (a join might read all of the table for them).
LOOK = f"""
WITH part AS MATERIALIZED (
    SELECT blocked_by
    FROM jobs
    WHERE status = 'pending' AND blocked_by > %(past)s::uuid
    ORDER BY blocked_by
    LIMIT %(part)s
)
SELECT
    EXISTS ({GONE})
    OR EXISTS (
        SELECT FROM part
        WHERE coalesce(
            (SELECT status FROM jobs AS parent WHERE parent.id = part.blocked_by), 'gone'
        ) NOT IN ('pending', 'processing')
    ),
    (SELECT blocked_by FROM part ORDER BY blocked_by OFFSET %(part)s - 1 LIMIT 1),
    mine.id::text, mine.lease, mine.cancel_requested_at IS NOT NULL
FROM (SELECT) AS always
LEFT JOIN jobs AS mine
    ON mine.worker_id = %(worker)s AND mine.status = 'processing'
    AND (mine.cancel_requested_at IS NOT NULL
         OR mine.id NOT IN (SELECT unnest(%(known)s::uuid[])))
"""

# A poll, in one round trip: it lets a batch of the jobs whose hour has come be claimed, and tells
# how many, the seconds until the next hour (below 0 if a row was left: there are more than a batch,
# or somebody has it locked), and whether something could be claimed even before.
# All is read as it was before the statement, so the next hour is that of the first job after as
# many as were taken. {claimable} is CLAIMABLE or THIS_ONE_CLAIMABLE, under the conditions of TURN;
# tests/jobs/test_poll.py compares the two.
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
    ({claimable}) IS NOT NULL
"""
CLAIMABLE = f"""
        SELECT head.id
        FROM unnest(%(types)s::text[]) AS asked (type)
        CROSS JOIN LATERAL (
            SELECT id
            FROM jobs
            WHERE status = 'pending' AND due AND type = asked.type AND {FREE}
            ORDER BY priority DESC, run_at, id
            LIMIT 1
        ) AS head
        LIMIT 1
    """
THIS_ONE_CLAIMABLE = f"""
        SELECT id FROM jobs
        WHERE id = %(id)s::uuid AND status = 'pending' AND blocked_by IS NULL AND {FREE}
    """
