"""What the database itself knows: its clock, its sessions, its deadlocks."""

from datetime import datetime
from typing import Any

from django.db import connection

from jobs.models import Job


def ask(question: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def clock() -> datetime:
    """Now, by the only clock that all workers share."""
    moment: datetime = ask("SELECT clock_timestamp()")
    return moment


def wait_a_moment() -> None:
    """Long enough for an idle worker to have started a job that it could see."""
    ask("SELECT pg_sleep(0.15)")


def deadlocks() -> int:
    """Since the statistics of this database began."""
    return int(ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))


def statements(like: str) -> int:
    """How many sessions execute such a statement just now."""
    return int(
        ask(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND state = 'active' AND query LIKE %s AND pid <> pg_backend_pid()",
            like,
        )
    )


def sessions(name: str, state: str) -> int:
    """How many sessions of this application_name are in this state."""
    return int(
        ask(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = %s AND state = %s",
            name,
            state,
        )
    )


def waiting_for_locks(like: str) -> int:
    """How many sessions whose application_name is like this wait for a lock just now."""
    return int(
        ask(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name LIKE %s AND wait_event_type = 'Lock'",
            like,
        )
    )


def terminate(like: str) -> int:
    """End the sessions whose application_name is like this; return how many."""
    return int(
        ask(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE %s"
            " AND pid <> pg_backend_pid()",
            like,
        )
    )


def row(job: Job) -> Job:
    """The job as the table has it now."""
    return Job.objects.get(pk=job.pk)


def rows(jobs: list[Job]) -> list[Job]:
    """These jobs as the table has them now."""
    return list(Job.objects.filter(pk__in=[job.pk for job in jobs]))
