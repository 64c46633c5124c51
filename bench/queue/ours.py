"""What is measured of our queue alone: tables with history, and the times that its rows keep."""

from datetime import datetime

from bench.queue.contender import Contender
from bench.queue.processes import Failed

LONGEST = 40  # seconds; what is slower is measured as far as it comes
# Spread over a month; ids begin with the time, as those that are enqueued do.
FILL = """
INSERT INTO jobs (id, type, data, created_at, updated_at, priority, unique_key, max_attempts,
                  status, due, run_at, result, error, lease, attempts, started_at, finished_at)
SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
        || substr(md5(random()::text), 13))::uuid,
       'bench_noop', jsonb_build_object('i', number), at, at, 0, '', 1, {state}
FROM generate_series(1, {rows}) AS number,
     LATERAL (SELECT now() - ({rows} - number) * interval '30 days' / {rows} AS at) AS moment
"""
STATES = {
    "finished": "'finished', true, at, '{\"ok\": true}', NULL, 1, 1, at, at",
    "in error": "'error', true, at, NULL, '{\"kind\": \"exception\"}', 1, 1, at, at",
    "pending": "'pending', true, at, NULL, NULL, 0, 0, NULL, NULL",
    "future": "'pending', false, now() + interval '1 day', NULL, NULL, 0, 0, NULL, NULL",
}
DEAD_ROWS = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'jobs'"
FINISHED_AT = """
SELECT extract(epoch FROM finished_at)::float FROM jobs
WHERE finished_at >= %s ORDER BY finished_at
"""


def fill(contender: Contender, rows: dict[str, int]) -> None:
    """So many rows in each of STATES, in a table that holds nothing else."""
    contender.empty()
    for state, count in rows.items():
        contender.execute(FILL.format(rows=count, state=STATES[state]))
    contender.tidy()


def drained(contender: Contender, jobs: int) -> list[float]:
    """When each job ended, in seconds, once one worker has done so many.

    Nobody looks at the table meanwhile.
    """
    began = contender.ask("SELECT clock_timestamp()")
    with contender.workers(str(jobs), 1) as (worker,):
        worker.wait(LONGEST)
        if worker.popen.returncode:
            raise worker.failure()
    ends = ends_since(contender, began)
    if len(ends) < 2 or ends[0] == ends[-1]:
        raise Failed(f"{len(ends)} of {jobs:,} jobs ended within {LONGEST} s")
    return ends


def ends_since(contender: Contender, began: datetime) -> list[float]:
    with contender.connect() as connection:
        return [at for (at,) in connection.execute(FINISHED_AT, [began])]


def dead_rows(contender: Contender) -> int:
    return int(contender.ask(DEAD_ROWS))


def rate(ends: list[float], first: float = 0.1, last: float = 0.95) -> float:
    """Jobs in a second, between the first and the last part of them."""
    part = ends[int(len(ends) * first) : int(len(ends) * last)]
    return (len(part) - 1) / (part[-1] - part[0])
