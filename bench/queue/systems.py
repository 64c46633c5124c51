"""Every system that is measured: how it is asked, and how to see how far it is."""

from dataclasses import dataclass
from typing import Literal

from bench.queue.environments import Environment, Node, OurPython, Python

PEERS = "bench.queue.peers"


@dataclass(frozen=True, kw_only=True)
class System:
    name: str
    kind: Literal["ours", "peer", "bound"]
    environment: Environment
    tables: str  # that hold jobs
    left: str  # counts the jobs that have not ended
    done: str = ""  # counts those that ended well, where they are kept
    jobs: int  # of a burn-down: what it does in about two seconds
    many: str = "many"  # how a worker works in a burn-down


OURS = System(
    name="ours",
    kind="ours",
    environment=OurPython(f"{PEERS}.ours"),
    tables="jobs, job_workers",
    left="SELECT count(*) FROM jobs WHERE status = 'pending' AND due OR status = 'processing'",
    done="""
        SELECT count(*) FROM jobs
        WHERE status = 'finished' AND lease = 1 AND result = '{"ok": true}'
    """,
    jobs=100_000,
)
ORIGINAL = System(
    name="original",
    kind="peer",
    environment=OurPython(f"{PEERS}.original"),
    tables="jobs",
    left="SELECT count(*) FROM jobs WHERE status <> 'finished'",
    done="SELECT count(*) FROM jobs WHERE status = 'finished'",
    jobs=1_000,
)
PROCRASTINATE = System(
    name="procrastinate",
    kind="peer",
    environment=Python("procrastinate", f"{PEERS}.procrastinate"),
    tables="procrastinate_jobs, procrastinate_events",
    left="SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')",
    done="SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'",
    jobs=2_000,
)
PGQUEUER = System(
    name="pgqueuer",
    kind="peer",
    environment=Python("pgqueuer", f"{PEERS}.pgqueuer"),
    tables="pgqueuer, pgqueuer_log",
    left="SELECT count(*) FROM pgqueuer",
    jobs=50_000,
)
CHANCY = System(
    name="chancy",
    kind="peer",
    environment=Python("chancy", f"{PEERS}.chancy"),
    tables="chancy_jobs",
    left="SELECT count(*) FROM chancy_jobs WHERE state NOT IN ('succeeded', 'failed')",
    done="SELECT count(*) FROM chancy_jobs WHERE state = 'succeeded'",
    jobs=12_000,
)
DJANGO_TASKS_DB = System(
    name="django-tasks-db",
    kind="peer",
    environment=Python("django-tasks-db", f"{PEERS}.django_tasks_db"),
    tables="django_tasks_database_dbtaskresult",
    left="""
        SELECT count(*) FROM django_tasks_database_dbtaskresult
        WHERE status IN ('READY', 'RUNNING')
    """,
    done="SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'SUCCESSFUL'",
    jobs=1_000,
)
DJANGO_Q2 = System(
    name="django-q2",
    kind="peer",
    environment=Python("django-q2", f"{PEERS}.django_q2"),
    tables="django_q_task, django_q_ormq",
    # A job leaves the queue when it ends, and is written as a task a little later.
    left="SELECT count(*) FROM django_q_ormq",
    jobs=1_000,
)
GRAPHILE_WORKER = System(
    name="graphile-worker",
    kind="peer",
    environment=Node("graphile-worker.mjs"),
    tables="graphile_worker._private_jobs",
    left="SELECT count(*) FROM graphile_worker._private_jobs",
    jobs=100_000,
)
PG_BOSS = System(
    name="pg-boss",
    kind="peer",
    environment=Node("pg-boss.mjs"),
    # Its partitions, which are its queues, have names of their own.
    tables="pgboss.job",
    left="SELECT count(*) FROM pgboss.job WHERE name = 'noop' AND state < 'completed'",
    done="SELECT count(*) FROM pgboss.job WHERE name = 'noop' AND state = 'completed'",
    jobs=100_000,  # it takes them in waves
)


def bound(name: str, module: str, batch: int, jobs: int) -> System:
    return System(
        name=name,
        kind="bound",
        environment=OurPython(f"{PEERS}.{module}"),
        tables="jobs",
        left="SELECT count(*) FROM jobs WHERE status <> 'finished'",
        done="SELECT count(*) FROM jobs WHERE status = 'finished'",
        jobs=jobs,
        many=str(batch),
    )


# The least latency there can be: a word from one process to another, through the database.
LISTEN = System(
    name="listen",
    kind="bound",
    environment=OurPython(f"{PEERS}.bare"),
    tables="jobs",
    left="SELECT count(*) FROM jobs",
    jobs=0,
)
QUEUES = [
    OURS,
    GRAPHILE_WORKER,
    PGQUEUER,
    PG_BOSS,
    CHANCY,
    PROCRASTINATE,
    DJANGO_TASKS_DB,
    DJANGO_Q2,
    ORIGINAL,
]
LOOPS = [bound(f"psycopg-{batch}", "bare", batch, jobs=100_000) for batch in (100, 500)]
PGBENCH = [
    bound("pgbench-1", "pgbench", 1, jobs=6_000),
    *(bound(f"pgbench-{batch}", "pgbench", batch, jobs=100_000) for batch in (100, 500)),
]
SYSTEMS = [*QUEUES, *LOOPS, *PGBENCH, LISTEN]
