"""A database that refuses, a line that is cut without a word, a name server that says nothing."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection, connections

from config.postgres import Server
from jobs.models import Job, Worker
from tests.chaos import names, worker
from tests.chaos.cluster import NAME, thrown_away, used_by_this_process
from tests.chaos.conftest import NewWorker
from tests.chaos.database import ask, clock, row, terminate
from tests.chaos.probes import ended, enqueue, enqueue_many, executions, running, statuses
from tests.chaos.report import Line
from tests.chaos.waiting import stays, wait_until
from tests.probe.models import Execution
from tests.proxy import Proxy

ROLE = "a_worker"  # a superuser would be refused nothing
DELAY = float(os.environ.get("LINE_DELAY_MS", 0)) / 1000
# So long that no outage here outlasts it.
PATIENT = {"JOBS_ALIVE_FOR_SECONDS": 40}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with thrown_away() as server:
        yield server


@pytest.fixture(scope="module")
def tables(server: Server, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """This process uses that server, and there is a role for workers."""
    with django_db_blocker.unblock(), used_by_this_process(server.socket_folder, 5432):
        execute(f"CREATE ROLE {ROLE} LOGIN", GRANT)
        yield


@pytest.fixture
def lines(server: Server, tables: None) -> Iterator[Callable[[], Proxy]]:
    """Each is another way to the server, which may be cut."""
    with ExitStack() as opened:
        target = str(server.socket_folder), 5432, DELAY
        yield lambda: opened.enter_context(Proxy(*target))


@pytest.fixture
def database(lines: Callable[[], Proxy]) -> Iterator[dict[str, str]]:
    connections["default"].close()  # a test that failed may have left it broken
    yield through(lines())
    for model in (Job, Worker, Execution):
        model.objects.all().delete()


def through(proxy: Proxy, host: str = "127.0.0.1") -> dict[str, str]:
    """What a worker's environment needs to go this way."""
    return {"DATABASE_URL": url(proxy, host), "DEBUG": "1"}


def url(proxy: Proxy, host: str = "127.0.0.1") -> str:
    return f"postgres://{ROLE}@{host}:{proxy.port}/{NAME}"


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# -- refused ---------------------------------------------------------------------------------------

GRANT = f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}"
REVOKE = f"REVOKE ALL ON jobs, job_workers FROM {ROLE}"
RELOAD = "SELECT pg_reload_conf()"
FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$
"""
ON = "CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {} EXECUTE FUNCTION full_disk()"


class Refusal(NamedTuple):
    begins: list[str]
    ends: list[str]
    told: str


REFUSALS = {
    "too many clients": Refusal(
        [f"ALTER ROLE {ROLE} CONNECTION LIMIT 0"],
        [f"ALTER ROLE {ROLE} CONNECTION LIMIT -1"],
        "It has no connection left",
    ),
    "permissions revoked": Refusal([REVOKE], [GRANT], "Grant its role what it lacks"),
    "the database read-only": Refusal(
        ["ALTER SYSTEM SET default_transaction_read_only = on", RELOAD],
        ["ALTER SYSTEM RESET default_transaction_read_only", RELOAD],
        "It is a standby, or was made read-only",
    ),
    "the disk full": Refusal(
        [FULL, ON.format("jobs"), ON.format("job_workers")],
        ["DROP FUNCTION full_disk CASCADE"],
        "Its disk is full",
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_56_a_database_that_refuses_for_ten_seconds_is_told_as_that(
    new_worker: NewWorker, line: Line, what: str
) -> None:
    refusal = REFUSALS[what]
    # Its own statements may not be refused by what it asks for.
    execute("SET default_transaction_read_only = off")
    worker = new_worker("--slots", 2, **PATIENT).ready()
    brief = enqueue("brief", {"seconds": 600})
    wait_until(lambda: row(brief).status == "processing")

    execute(*refusal.begins)
    try:
        began = clock()
        if what == "too many clients":
            terminate("jobs worker %")
        wait_until(lambda: f"Failed probe_brief {brief.pk} (timeout" in worker.text)
        line.measure("a deadline of 2 s", (clock() - began).total_seconds(), under=6)
        wait_until(lambda: refusal.told in worker.text, what="it says so")
        wait_until(lambda: (clock() - began).total_seconds() > 10)
    finally:
        execute(*refusal.ends)
    over = clock()
    after = enqueue("sleep", {})
    wait_until(lambda: ended(brief, after))

    line.measure("works on", (clock() - over).total_seconds(), under=10)
    assert "The database refuses what the worker asks" in worker.text
    assert "The database is back after" in worker.text
    assert (row(brief).error["kind"], row(brief).crashes) == ("timeout", 0)
    assert (row(after).status, row(after).lease) == ("finished", 1)


# -- silent ----------------------------------------------------------------------------------------


@pytest.fixture
def name_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[names.NameServer]:
    """The only one that workers know."""
    if not names.is_possible(tmp_path):
        pytest.skip("a worker cannot have a name server of its own here: that takes Linux and root")
    command = [*names.asking_it(tmp_path), *worker.Worker.command]
    monkeypatch.setattr(worker.Worker, "command", command)
    with names.name_server() as server:
        yield server


def test_56_a_name_server_that_is_silent_for_fifteen_seconds_stops_no_worker(
    name_server: names.NameServer, lines: Callable[[], Proxy], new_worker: NewWorker, line: Line
) -> None:
    worker = new_worker("--slots", 2, **through(lines(), names.NAME)).ready()
    brief = enqueue("brief", {"seconds": 600})
    wait_until(lambda: row(brief).status == "processing")

    name_server.silent = True
    terminate("jobs worker %")
    began = clock()
    wait_until(lambda: f"Failed probe_brief {brief.pk} (timeout" in worker.text)
    line.measure("a deadline of 2 s", (clock() - began).total_seconds(), under=6)
    meanwhile = enqueue("sleep", {})
    wait_until(lambda: ended(brief, meanwhile))
    line.measure("works on meanwhile", (clock() - began).total_seconds(), under=15)
    wait_until(lambda: (clock() - began).total_seconds() > 15)
    name_server.silent = False
    over = clock()
    after = enqueue("sleep", {})
    wait_until(lambda: ended(after))

    line.measure("works on", (clock() - over).total_seconds(), under=10)
    assert (row(brief).error["kind"], row(brief).crashes) == ("timeout", 0)
    assert {row(job).lease for job in (brief, meanwhile, after)} == {1}


def test_56_a_line_to_listen_on_that_is_cut_without_a_word_is_opened_again(
    lines: Callable[[], Proxy], new_worker: NewWorker, line: Line
) -> None:
    direct = lines()
    worker = new_worker("--slots", 1, DATABASE_LISTEN_URL=url(direct)).ready()
    (first,) = wait_until(listeners)

    direct.stall()
    cut_at = clock()
    # When it has looked for the last time before the next poll.
    stays(lambda: not worker.ended, seconds=1)
    job = enqueue("sleep", {})
    wait_until(lambda: ended(job))
    waited = (row(job).started_at - row(job).created_at).total_seconds()
    line.measure("a job waits for the poll", waited, under=8)
    wait_until(lambda: "new jobs are told is lost" in worker.text, seconds=60)
    line.measure("noticed", (clock() - cut_at).total_seconds(), under=60)
    direct.resume()
    over = clock()
    wait_until(lambda: set(listeners()) - {first}, seconds=60)

    line.measure("listens again", (clock() - over).total_seconds(), under=30)
    assert "is back after" not in worker.text


LISTENERS = """
SELECT coalesce(array_agg(pid), '{}') FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'LISTEN%%'
"""


def listeners() -> list[int]:
    return list(ask(LISTENERS))


# -- levels ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_56_a_level_that_others_are_to_have_is_no_outage(
    new_worker: NewWorker, line: Line, level: str
) -> None:
    execute(f"ALTER DATABASE {NAME} SET default_transaction_isolation = '{level}'")
    try:
        workers = [new_worker("--slots", 2) for _ in range(3)]
        for worker in workers:
            worker.ready()
        jobs = enqueue_many(600, "sleep", {"seconds": 0.01})
        wait_until(lambda: statuses(list(jobs)) == {"finished": 600}, seconds=60)
    finally:
        execute(f"ALTER DATABASE {NAME} RESET default_transaction_isolation")

    assert set(Job.objects.values_list("lease", flat=True)) == {1}
    assert not [worker.text for worker in workers if "The database " in worker.text]


# -- cut off ---------------------------------------------------------------------------------------


def test_59_a_worker_that_is_cut_off_for_thirty_seconds_runs_nothing_that_others_run(
    lines: Callable[[], Proxy], new_worker: NewWorker, line: Line
) -> None:
    cut, whole = lines(), lines()
    far = new_worker("--slots", 2, **through(cut)).ready()
    jobs = [enqueue("run", {"seconds": 25, "subprocess": True}) for _ in range(2)]
    wait_until(lambda: all(running(job) for job in jobs))
    former = far.rows[-1].pk
    new_worker("--slots", 2, **through(whole)).ready()

    cut.stall()
    cut_at = clock()
    wait_until(lambda: all(len(executions(job)) == 2 for job in jobs))
    took = max(executions(job)[1].started_at for job in jobs) - cut_at
    line.measure("run elsewhere", took.total_seconds(), under=20)
    stays(lambda: not far.ended, seconds=30 - (clock() - cut_at).total_seconds())
    cut.resume()
    over = clock()
    after = [enqueue("run", {}) for _ in range(4)]  # the other has no room
    wait_until(lambda: ended(*after))
    line.measure("works on as a new worker", (clock() - over).total_seconds(), under=10)
    wait_until(lambda: ended(*jobs), seconds=60)

    assert {(row(job).status, row(job).lease) for job in jobs} == {("finished", 2)}
    assert far.rows[-1].pk > former
