"""A worker's turn: finish what came back, and claim what there is room for."""

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
# result), and the status is not asked (see FINISH). tests/jobs/test_turn_plans.py looks.
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
