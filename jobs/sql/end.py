"""How claims end, and what becomes of the jobs that wait for theirs."""

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

# End the claims of jobs that did not finish: put back, or in error. `how` is for each one of
# release (as if it had not been claimed), wait (the same, for so many seconds), lost (its worker
# died, before it began as far as anybody knows: it is a suspect), crash (its process died), again
# (it failed, and may be tried again after so many seconds) and fail. A row that somebody else has
# locked is left out, as is one that is held no longer.
# One that would go back while another job of its type and unique_key waits ends as superseded; what
# waits for it is settled after it. But if its twin waits as well, which may be for it, and others
# wait for it in turn, it is told as `met`, and left as it is: they come first, one by one.
# A twin that is not committed yet is waited for, shortly: the statement then fails, for all.
END = """
WITH quick AS MATERIALIZED (
    SELECT set_config('lock_timeout', '20ms', true)
), held AS MATERIALIZED (
    SELECT jobs.ctid AS row, jobs.id, given.how, given.entry, given.wait,
        CASE WHEN given.how = 'crash' AND crashes + 1 >= {most_crashes} THEN 'failed'
             WHEN given.how = 'fail' OR given.how = 'again' AND attempts >= max_attempts
                 THEN 'failed'
             WHEN cancel_requested_at IS NOT NULL THEN 'cancelled'
             ELSE 'back' END AS way,
        CASE WHEN NOT unique_key = '' THEN (
            SELECT twin.id FROM jobs AS twin
            WHERE twin.type = jobs.type AND twin.unique_key = jobs.unique_key
              AND twin.status = 'pending' AND NOT twin.unique_key = ''
            LIMIT 1
        ) END AS twin,
        EXISTS (
            SELECT FROM jobs AS child WHERE child.blocked_by = jobs.id AND child.status = 'pending'
        ) AS awaited
    FROM quick, unnest(%(ids)s::uuid[], %(leases)s::integer[], %(workers)s::bigint[],
                %(hows)s::text[], %(entries)s::jsonb[], %(waits)s::double precision[])
         AS given (id, lease, worker, how, entry, wait)
    JOIN jobs ON jobs.id = given.id
    WHERE jobs.lease = given.lease AND jobs.worker_id + 0 = given.worker
    FOR NO KEY UPDATE OF jobs SKIP LOCKED
), judged AS MATERIALIZED (
    SELECT row, id, how, entry, wait, twin, awaited,
        CASE WHEN way <> 'back' OR twin IS NULL THEN way
             WHEN awaited AND EXISTS (
                 SELECT FROM jobs AS ahead WHERE ahead.id = twin AND ahead.blocked_by IS NOT NULL
             ) THEN 'met' ELSE 'superseded' END AS way
    FROM held
), written AS (
    UPDATE jobs
    SET status = CASE way WHEN 'back' THEN 'pending' ELSE 'error' END,
        worker_id = NULL, progress = NULL, cancel_requested_at = NULL,
        attempts = attempts - (way = 'back' AND how IN ('release', 'wait', 'lost', 'crash'))::int,
        crashes = crashes + (how = 'crash')::int,
        suspect = suspect OR how IN ('lost', 'crash'),
        due = CASE WHEN way <> 'back' THEN due
                   WHEN how IN ('lost', 'crash') THEN true
                   WHEN how IN ('wait', 'again') THEN false
                   ELSE due END,
        run_at = CASE WHEN way = 'back' AND how IN ('wait', 'again')
                      THEN statement_timestamp() + wait * interval '1 second' ELSE run_at END,
        errors = CASE WHEN entry IS NULL THEN errors
                      ELSE jsonb_path_query_array(errors, '$[last - {kept} to last]')
                           || (entry || jsonb_build_object('attempt', attempts,
                                                           'at', statement_timestamp()))
                 END,
        error = CASE way
            WHEN 'failed' THEN entry - 'log'
            WHEN 'cancelled' THEN %(cancelled)s::jsonb
            WHEN 'superseded' THEN jsonb_build_object(
                'kind', 'superseded', 'traceback', '', 'twin', twin,
                'message', format('Job %%s waits under the same unique_key.', twin))
        END,
        finished_at = CASE WHEN way <> 'back' THEN statement_timestamp() END,
        updated_at = statement_timestamp()
    FROM judged
    WHERE jobs.ctid = judged.row AND way <> 'met'
    RETURNING jobs.id, way, awaited, jobs.due
)
SELECT id::text, way, awaited AND way <> 'back', way = 'back' AND due FROM written
UNION ALL
SELECT id::text, way, true, false FROM judged WHERE way = 'met'
"""

# Show how far running jobs are, but for a row that somebody else has locked.
REPORT = """
WITH held AS MATERIALIZED (
    SELECT jobs.ctid AS row, given.progress
    FROM unnest(%(ids)s::uuid[], %(leases)s::integer[], %(workers)s::bigint[],
                %(progress)s::jsonb[]) AS given (id, lease, worker, progress)
    JOIN jobs ON jobs.id = given.id
    WHERE jobs.lease = given.lease AND jobs.worker_id + 0 = given.worker
    FOR NO KEY UPDATE OF jobs SKIP LOCKED
)
UPDATE jobs SET progress = held.progress, updated_at = statement_timestamp()
FROM held
WHERE jobs.ctid = held.row
RETURNING jobs.id
"""

# Settle a batch of what waits for jobs that have ended: free it if that one finished, let it wait
# for the twin of one that was superseded, end it if that one failed or is gone. A parent that runs
# again by now is left. A parent's status is asked row by row: a join might read all of the table.
SETTLE = """
WITH waiting AS MATERIALIZED (
    SELECT ctid AS row, id, blocked_by
    FROM jobs
    WHERE status = 'pending' AND blocked_by = ANY (%(ended)s::uuid[])
    LIMIT %(batch)s
    FOR NO KEY UPDATE SKIP LOCKED
), parents AS MATERIALIZED (
    SELECT parent.id, parent.status, parent.error ->> 'twin' AS twin
    FROM (SELECT DISTINCT blocked_by FROM waiting) AS asked
    CROSS JOIN LATERAL (
        SELECT id, status, error FROM jobs WHERE jobs.id = asked.blocked_by OFFSET 0
    ) AS parent
), judged AS MATERIALIZED (
    SELECT row, parents.twin::uuid AS twin,
        CASE WHEN parents.status = 'finished' OR parents.twin = waiting.id::text THEN 'free'
             WHEN parents.twin IS NOT NULL THEN 'heir'
             WHEN parents.status IN ('pending', 'processing') THEN 'left'
             ELSE 'blocked' END AS way
    FROM waiting LEFT JOIN parents ON parents.id = waiting.blocked_by
)
UPDATE jobs
SET status = CASE way WHEN 'blocked' THEN 'error' ELSE 'pending' END,
    blocked_by = CASE way WHEN 'free' THEN NULL WHEN 'heir' THEN twin ELSE blocked_by END,
    due = way = 'free' AND run_at <= statement_timestamp(),
    error = CASE WHEN way = 'blocked' THEN jsonb_build_object(
        'kind', 'blocked', 'traceback', '',
        'message', format('It waited for job %%s, which failed.', blocked_by)) END,
    progress = CASE WHEN way <> 'blocked' THEN progress END,
    finished_at = CASE WHEN way = 'blocked' THEN statement_timestamp() END,
    updated_at = statement_timestamp()
FROM judged
WHERE jobs.ctid = judged.row AND way <> 'left'
RETURNING way, CASE way WHEN 'blocked' THEN id WHEN 'heir' THEN twin END
"""
