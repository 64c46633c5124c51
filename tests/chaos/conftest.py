"""Workers that are always ended, checks that follow every scenario, and the table at the end."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.consistency import Wrongs
from tests.chaos.database import deadlocks
from tests.chaos.probes import Gate
from tests.chaos.report import Line, table
from tests.chaos.worker import Worker

NewWorker = Callable[..., Worker]
UNFORESEEN = "Traceback"  # nothing that happens here surprises a worker
# What its handlers raise does not either: it is in the log, in one line.
OF_HANDLERS = re.compile(r'"message": "(Job [0-9a-f-]{36} \(\w+\)|An exit handler) failed: ')
# What another server or a longer line can change: for CI within six minutes, so not 1, nor those
# that wait for long to show there what others show as well.
EVERYWHERE = {3, 4, 9, 13, 15, 19, 22, 23, 48, 49, 50, 51, 56}
LONG = (
    "test_13_short_jobs_finish_before_the_worker_ends[SIGINT]",
    "test_19_a_locked_pending_row",
    "test_19_a_locked_table",
    "test_49_60_large_results_at_the_same_moment_are_all_kept[then SIGTERM",
    "test_50_a_locked_table_ends_no_job_and_no_worker[locked]",
    "test_51_what_waits_for_a_job_is_settled",
    "test_56_a_database_that_refuses_for_ten_seconds_is_told_as_that[permissions",
    "test_56_a_database_that_refuses_for_ten_seconds_is_told_as_that[the disk full]",
    "test_56_a_level",
    "test_56_a_line_to_listen_on",
    "test_56_a_name_server",
)
LINE, LINES = pytest.StashKey[Line](), pytest.StashKey[list[Line]]()


@pytest.fixture
def database(transactional_db: None) -> dict[str, str]:
    """What a worker's environment needs to find the database of this test."""
    return {}


@pytest.fixture
def new_worker(database: dict[str, str], tmp_path: Path) -> Iterator[NewWorker]:
    """Starts a worker with these options; `.ready()` waits until it is at work."""
    workers: list[Worker] = []
    before = deadlocks()

    def new(*options: object, **environment: object) -> Worker:
        log = tmp_path / f"worker-{len(workers)}.log"
        workers.append(Worker(log, *options, **(database | environment)))
        return workers[-1]

    yield new
    died = [worker for worker in workers if worker.ended and not worker.ended_by_test]
    for worker in workers:
        worker.end()
    assert not died, died[0].text[-2000:]
    lines = [line for worker in workers for line in worker.text.splitlines()]
    assert not [line for line in lines if UNFORESEEN in line and not OF_HANDLERS.search(line)]
    assert deadlocks() == before


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    """It is shut until the test opens it, or ends."""
    gate = Gate(tmp_path / "gate")
    yield gate
    gate.open()


@pytest.fixture
def line(request: pytest.FixtureRequest) -> Line:
    """This scenario's line in the table."""
    return request.node.stash[LINE]


@pytest.fixture(autouse=True)
def nothing_is_wrong(new_worker: NewWorker, line: Line) -> Iterator[None]:
    """After each scenario, while its workers still live."""
    yield
    line.wrongs = Wrongs.found()
    assert line.wrongs == Wrongs(lost=0, twice=0, stale=0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[LINES] = []
    for item in items:
        if "line" in getattr(item, "fixturenames", ()):
            item.stash[LINE] = line = Line.of(item.name)
            if line.number in EVERYWHERE and not item.name.startswith(LONG):
                item.add_marker(pytest.mark.everywhere)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    report: Any = yield
    if (line := item.stash.get(LINE, None)) is None:
        return report
    lines = item.config.stash[LINES]
    if report.when == "call":
        lines.append(line)
        line.verdict = report.outcome
    elif report.failed:
        line.verdict = f"failed at {report.when}"
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if lines := config.stash.get(LINES, []):
        terminalreporter.section("scenarios")
        for text in table(lines):
            terminalreporter.write_line(text)
