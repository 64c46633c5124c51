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

# Whether another job of the same type and unique_key runs. A scalar, for the planner would turn
# NOT EXISTS under OR into a set of all that runs, read for the sake of one.
TWIN_RUNS = """(
    SELECT true FROM jobs AS twin
    WHERE twin.type = jobs.type AND twin.unique_key = jobs.unique_key
      AND twin.status = 'processing' AND NOT twin.unique_key = ''
    LIMIT 1
)"""
FREE = f"(unique_key = '' OR {TWIN_RUNS} IS NULL)"

# What a worker may claim of its types, in the order of running, lazily: one branch for each type
# reads the head of the claim's index; they are merged, and each row is locked by itself before it
# counts, so that no more are locked than taken and one that another has is passed over. What waits
# beside, of other types, is not read. Each part is needed (each was seen to fail without it):
# - ORDER BY and LIMIT in each branch: else the planner collects everything and sorts it;
# - a limit of NULL where the plan is made for any parameters: a branch counts what others have
#   locked, so that with the room as its limit a second worker would find nothing;
# - the lock in a part of its own, which FOR UPDATE needs, and which repeats the conditions: a row
#   that has changed since is judged anew.
OF_ONE_TYPE = """(
            SELECT ctid AS row, priority, run_at, id
            FROM jobs
            WHERE status = 'pending' AND due AND type = (%(types)s::text[])[{number}]
            ORDER BY priority DESC, run_at, id
            LIMIT (%(rooms)s::integer[])[{number}]
        )"""
OF_TYPES = f"""
    SELECT locked.row, locked.suspect
    FROM (
        SELECT row FROM ({{branches}}) AS heads
        ORDER BY priority DESC, run_at, id
    ) AS next
    CROSS JOIN LATERAL (
        SELECT ctid AS row, suspect
        FROM jobs
        WHERE ctid = next.row AND status = 'pending' AND due AND {FREE}
        FOR NO KEY UPDATE SKIP LOCKED
    ) AS locked
    LIMIT %(room)s
"""
# One job, due or not, if nothing but its hour keeps it from running.
THIS_ONE = f"""
    SELECT ctid AS row, suspect
    FROM jobs
    WHERE id = %(id)s::uuid AND status = 'pending' AND blocked_by IS NULL AND {FREE}
    LIMIT %(room)s
    FOR NO KEY UPDATE SKIP LOCKED
"""


def of_types(count: int) -> str:
    """OF_TYPES with so many branches."""
    branches = map(OF_ONE_TYPE.replace("{number}", "{}").format, *[range(1, count + 1)] * 2)
    return OF_TYPES.format(branches="\n        UNION ALL ".join(branches))


# Of many types, those whose head comes first: asked before a turn, which would be slow to plan and
# to start with hundreds of branches.
FIRST_TYPES = """
SELECT coalesce(array_agg(type ORDER BY priority DESC, run_at, id), '{}')
FROM (
    SELECT asked.type, head.*
    FROM unnest(%(types)s::text[]) AS asked (type)
    CROSS JOIN LATERAL (
        SELECT priority, run_at, id
        FROM jobs
        WHERE status = 'pending' AND due AND type = asked.type
        ORDER BY priority DESC, run_at, id
        LIMIT 1
    ) AS head
    ORDER BY priority DESC, run_at, id
    LIMIT %(most)s
) AS heads
"""

# A worker's turn: finish what came back and claim what there is room for, in one round trip and one
# commit. A statement for both is what makes small batches cheap.
# A result waits for a row that another has locked: mostly another worker, whose claim came too
# late and keeps the row for the rest of its statement. It holds nothing that others wait for by
# then, since all results are written before a row is claimed. Where a person has the row, the
# lock_timeout ends the statement, which is sent again with SKIP_LOCKED.
# Each claimed row is found once, by an index, and locked; then it is written where it lies (its
# ctid), for nobody can change it any more.
# Two things keep the generic plan off the wrong indexes, whatever the statistics say: the worker is
# compared as an expression (its index is believed to be empty, and would be read whole for each
# result), and the status is not asked (see FINISH). tests/jobs/test_turn.py looks.
# Of the suspects, which may have taken a worker down, no more are taken than can run alone, and
# those begin at once. What begins at once is named in the worker's row, for whoever rescues it.
# Data that take more than {inline} bytes are left to the child that reads them: of hundreds of
# jobs, they are more than fit the time or the memory of one turn.
# Whether any job waits for another is asked once, before it is asked of each job that finished. The
# first row is about all that finished: their ids, those that others wait for, and whether a job may
# be claimed now that could not be a moment ago. The others are the claimed.
TURN = """
WITH waiting AS (
    SELECT EXISTS (SELECT FROM jobs WHERE status = 'pending' AND blocked_by IS NOT NULL) AS found
), {mine} finished AS (
    UPDATE jobs
    SET status = 'finished', worker_id = NULL, result = given.result, progress = NULL,
        cancel_requested_at = NULL, finished_at = statement_timestamp(),
        updated_at = statement_timestamp()
    FROM {given}
    WHERE jobs.id = given.id AND jobs.lease = given.lease AND jobs.worker_id + 0 = %(worker)s
    RETURNING jobs.id, NOT unique_key = '' AS keyed, (SELECT found FROM waiting) AND EXISTS (
        SELECT FROM jobs AS child WHERE child.blocked_by = jobs.id AND child.status = 'pending'
    ) AS awaited
), picked AS MATERIALIZED ({picked}), claimed AS (
    UPDATE jobs
    SET status = 'processing', worker_id = %(worker)s, lease = lease + 1, attempts = attempts + 1,
        started_at = statement_timestamp(), updated_at = statement_timestamp()
    WHERE ctid = ANY (ARRAY(
        SELECT row FROM picked WHERE NOT suspect
        UNION ALL (SELECT row FROM picked WHERE suspect LIMIT %(free)s)
    ))
    RETURNING id, lease, type, attempts, crashes, suspect, user_id, entity_id, priority, run_at,
        CASE WHEN pg_column_size(data) <= {inline} THEN data::text END AS data
), named AS (
    UPDATE job_workers
    SET running = %(running)s::uuid[] || ARRAY(
        SELECT id FROM claimed ORDER BY priority DESC, run_at, id LIMIT %(free)s
    )
    WHERE id = %(worker)s AND %(free)s > 0 AND EXISTS (SELECT FROM claimed)
)
SELECT array_agg(id)::text, NULL::integer, (array_agg(id) FILTER (WHERE awaited))::text,
       NULL::smallint, NULL::smallint, NULL::boolean, NULL, NULL, bool_or(keyed OR awaited)::text
FROM finished
UNION ALL (
    SELECT id::text, lease, type, attempts, crashes, suspect, data, user_id::text, entity_id::text
    FROM claimed
    ORDER BY priority DESC, run_at, id
)
"""
GIVEN = """unnest(%(ids)s::uuid[], %(leases)s::integer[], %(results)s::jsonb[])
         AS given (id, lease, result)"""
NOT_LOCKED = f"""given AS MATERIALIZED (
    SELECT given.*
    FROM {GIVEN}
    JOIN jobs ON jobs.id = given.id
    WHERE jobs.lease = given.lease AND jobs.worker_id + 0 = %(worker)s
    FOR NO KEY UPDATE OF jobs SKIP LOCKED
),"""
INLINE = 4_000  # bytes as stored, of which compression makes at most a hundred times as many


def turn(picked: str, *, skip_locked: bool = False) -> str:
    """TURN for what may be picked; with `skip_locked`, results do not wait for any row."""
    mine, given = (NOT_LOCKED, "given") if skip_locked else ("", GIVEN)
    return TURN.format(mine=mine, given=given, picked=picked, inline=INLINE)


# End the claims of jobs that did not finish: put back, or in error. `how` is for each one of
# release (as if it had not been claimed), wait (the same, for so many seconds), lost (its worker
# died, before it began as far as anybody knows: it is a suspect), crash (its process died), again
# (it failed, and may be tried again after so many seconds) and fail. A row that somebody else has
# locked is left out, as is one that is held no longer.
# One that would go back while another job of its type and unique_key waits ends as superseded; but
# if others wait for it in turn it is told as `met`, and left as it is: they come first.
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
             WHEN awaited THEN 'met' ELSE 'superseded' END AS way
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

# A heartbeat: it prolongs a worker's life if that has not ended, and says what it runs. It touches
# no table but the workers', so that nothing that happens to the jobs can end a worker. It returns
# whether there is a worker who has died, or no row if it is this one.
BEAT = """
UPDATE job_workers
SET seen_at = statement_timestamp(), alive_until = statement_timestamp() + %(alive_for)s,
    running = %(running)s::uuid[]
WHERE id = %(worker)s AND alive_until > statement_timestamp()
RETURNING EXISTS (
    SELECT FROM job_workers AS other WHERE other.alive_until <= statement_timestamp()
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


def as_json(value: Any) -> str | None:
    """A jsonb parameter inside an array; None is SQL's NULL."""
    return None if value is None else json.dumps(value)
