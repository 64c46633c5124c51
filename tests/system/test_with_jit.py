"""Scenario 47: what a worker says to a stock Debian server is little, and never compiled."""

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest

from config.postgres import Server
from tests.chaos.cluster import NAME
from tests.chaos.conftest import NewWorker, line, new_worker, nothing_is_wrong
from tests.chaos.database import clock, row
from tests.chaos.probes import ended, enqueue, enqueue_many, running
from tests.chaos.report import Line
from tests.chaos.test_restart import database, ours
from tests.chaos.waiting import wait_until
from tests.places import Place
from tests.servers import DEBIAN

__all__ = ["database", "line", "new_worker", "nothing_is_wrong", "ours"]

# Compiled is whatever reads a row: that costs more than 0.1, and to set something costs less.
EVERY_PLAN = """
ALTER DATABASE {0} SET session_preload_libraries = 'auto_explain';
ALTER DATABASE {0} SET auto_explain.log_min_duration = 0;
ALTER DATABASE {0} SET log_statement = 'all';
ALTER DATABASE {0} SET jit_above_cost = 0.1;
ALTER SYSTEM SET log_line_prefix = '%a: ';
SELECT pg_reload_conf();
"""
SECONDS = 30


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Debian's, where everything is compiled that may be, and all is logged."""
    with Place(DEBIAN).opened() as there:
        with psycopg.connect(there.server.conninfo(NAME), autocommit=True) as connection:
            for statement in EVERY_PLAN.format(NAME).split(";\n"):
                connection.execute(statement)
        yield there.server


@pytest.fixture
def said(server: Server) -> Callable[[str], list[str]]:
    """What the server has logged since then of sessions with such names."""
    began = server.log.stat().st_size

    def since(name: str) -> list[str]:
        with server.log.open("rb") as log:
            log.seek(began)
            text = log.read().decode(errors="replace")
        # The further lines of a message begin with a tab.
        messages = re.split(r"\n(?!\t)", text)
        return [message for message in messages if message.startswith(name)]

    return since


def test_47_no_plan_of_a_worker_is_compiled(
    new_worker: NewWorker, said: Callable[[str], list[str]], line: Line
) -> None:
    doomed = new_worker("--slots", 1).ready()
    lost = enqueue("run", {"seconds": 600})
    wait_until(lambda: running(lost))
    jobs = [
        *enqueue_many(20, "noop"),
        enqueue("again", {"error": "ValueError"}),
        enqueue("end", {"how": "SIGKILL"}),
        enqueue("run", {}, unique_key="key"),
        enqueue("run", after=enqueue("run", {}, run_at=clock())),
    ]
    worker = new_worker("--slots", 2, "--grace", 0).ready()

    doomed.kill()
    wait_until(lambda: ended(*jobs) and row(lost).lease == 2)
    lost.cancel()
    wait_until(lambda: ended(lost))
    released = enqueue("run", {"seconds": 600})
    wait_until(lambda: running(released))
    assert worker.stop() == 0
    assert row(released).status == "pending"

    assert [message for message in said("jobs child") if "\tJIT:" in message], "it is possible"
    plans = [message for message in said("jobs worker") if "plan:\n" in message]
    assert [plan for plan in plans if "\tJIT:" in plan] == []
    line.note(f"{len(plans)} plans")


def test_47_an_idle_worker_sends_at_most_40_statements_a_minute(
    new_worker: NewWorker, said: Callable[[str], list[str]], line: Line
) -> None:
    worker = new_worker("--slots", 2).ready()
    [first] = worker.rows
    wait_until(lambda: worker.rows[0].seen_at > first.seen_at, what="a heartbeat")
    before = len(statements(said))
    began = clock()

    wait_until(lambda: (clock() - began).total_seconds() > SECONDS, seconds=2 * SECONDS)

    sent = len(statements(said)) - before
    line.measure("a minute", sent * 60 / SECONDS, under=40, unit="statements")


def statements(said: Callable[[str], list[str]]) -> list[str]:
    return [message for message in said("jobs ") if re.search("LOG:  (statement|execute)", message)]
