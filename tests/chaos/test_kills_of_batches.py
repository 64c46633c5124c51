"""A worker that is killed with hundreds of short jobs in hand."""

import signal
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from jobs.models import Job
from jobs.models.manager import NewJob
from tests.chaos.conftest import NewWorker
from tests.chaos.database import ask, clock
from tests.chaos.probes import enqueue_many
from tests.chaos.report import Line
from tests.chaos.turns import complaints
from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker

SLOTS, IN_HAND = 2, 400
MANY = 8_000
QUIET = """
SELECT count(*) = 0 FROM pg_stat_activity
WHERE datname = current_database() AND application_name = %s
  AND (state = 'active' OR state_change > clock_timestamp() - interval '0.2 s')
"""
MET = 100  # of what it had in hand, so many have a twin that waits, or others that wait for them


def test_48_what_a_killed_worker_had_in_hand_runs_elsewhere(
    new_worker: NewWorker, line: Line
) -> None:
    """Though the others have little time for each statement."""
    limit = {"JOBS_STATEMENT_SECONDS": 1, "LOG_LEVEL": "WARNING"}
    doomed, living = (new_worker("--slots", SLOTS, **limit).ready() for _ in range(2))

    held = killed_with_full_hands(doomed, lambda: enqueue_many(MANY, "noop"))

    run_elsewhere(held, living, line)
    assert set(statuses_of(held)) == {"finished"}


def test_48_those_whose_twins_wait_give_way_and_what_waits_for_others_follows_them(
    new_worker: NewWorker, line: Line
) -> None:
    doomed, living = (new_worker("--slots", SLOTS, LOG_LEVEL="WARNING").ready() for _ in range(2))

    held = killed_with_full_hands(doomed, enqueue_many_with_keys)
    met, parents = rows(held[:MET]), rows(held[MET : 2 * MET])
    twins = enqueue([noop(unique_key=job.unique_key) for job in met])
    heirs = enqueue([noop(after=job) for job in met])
    children = enqueue([noop(after=job) for job in parents])
    others = ids([*twins, *heirs, *children])

    run_elsewhere(held, living, line, also=others)
    assert {job.error and job.error["kind"] for job in rows(held[:MET])} == {"superseded"}
    assert set(statuses_of([*held[MET:], *others])) == {"finished"}
    for first, second in zip([*twins, *parents], [*heirs, *children], strict=True):
        before, after = rows([first.pk, second.pk])
        assert after.started_at >= before.finished_at


def killed_with_full_hands(worker: Worker, enqueue_more: Callable[[], object]) -> list[UUID]:
    """The jobs that the worker held when it was killed: more than a few hundred."""

    def full() -> list[UUID] | None:
        if Job.objects.pending().count() < MANY / 2:
            enqueue_more()
        worker.signal(signal.SIGSTOP)
        # What it had sent is done by then, so that nothing changes any more until the kill.
        wait_until(lambda: ask(QUIET, f"jobs worker {worker.pid}"), what="its last statement")
        held = ids(Job.objects.processing().filter(worker__in=worker.rows).order_by("pk"))
        if len(held) > IN_HAND:
            return held
        worker.signal(signal.SIGCONT)
        return None

    held = wait_until(full, what=f"a worker with {IN_HAND} jobs in hand")
    worker.kill()
    return held


def run_elsewhere(
    held: list[UUID], living: Worker, line: Line, *, also: Sequence[UUID] = ()
) -> None:
    """All in time, hardly any as crashed, and with nothing that the living worker did in vain."""
    killed_at = clock()
    wait_until(no_sessions_but(living), what="the end of the sessions of the killed worker")
    before, all_of_them = rolled_back(), [*held, *also]
    wait_until(lambda: len(statuses_of(all_of_them, ended=True)) == len(all_of_them), seconds=90)

    last = Job.objects.filter(pk__in=held).latest("finished_at").finished_at
    line.measure(f"{len(held)} in hand", (last - killed_at).total_seconds(), under=20)
    assert complaints(living) == []
    assert living.stop() == 0  # its session counts what was rolled back at its end, at the latest
    assert rolled_back() == before
    assert Job.objects.filter(crashes__gt=0).count() <= SLOTS, "no more than it ran"


def enqueue_many_with_keys() -> None:
    so_far = Job.objects.count()
    enqueue([noop(unique_key=f"key {so_far + n}") for n in range(MANY)])


def noop(**options: Any) -> NewJob:
    return NewJob(type="probe_noop", data={}, **options)


def enqueue(new: list[NewJob]) -> Sequence[Job]:
    return Job.objects.enqueue_many(new)


def ids(jobs: object) -> list[UUID]:
    return [job.pk for job in jobs]  # type: ignore[attr-defined]


def rows(ids: Sequence[UUID]) -> list[Job]:
    found = Job.objects.in_bulk(ids)
    return [found[id] for id in ids]


def statuses_of(ids: Sequence[UUID], *, ended: bool = False) -> list[str]:
    jobs = Job.objects.filter(pk__in=ids)
    jobs = jobs.exclude(finished_at=None) if ended else jobs
    return list(jobs.values_list("status", flat=True))


def no_sessions_but(living: Worker) -> Callable[[], bool]:
    question = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'jobs worker %%' AND application_name <> %s"
    )
    return lambda: ask(question, f"jobs worker {living.pid}") == 0


def rolled_back() -> int:
    """How many transactions of this database were, so far."""
    return int(ask("SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"))
