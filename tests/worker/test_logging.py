"""What a worker says on stderr, be that a file or a terminal, where the project sets nothing up."""

import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console as Screen

from jobs.management.console import show_what_nobody_handles
from jobs.models import Job
from jobs.outcome import CANCELLED, Failure
from jobs.registry import job_types
from jobs.worker.console import STOPS, WAITED, Console
from jobs.worker.held import Held
from jobs.worker.terminal import Terminal
from tests.worker.commands import ROOT, environment, manage

ON_PURPOSE = "(exception, attempt 1, the last): ValueError: on purpose"


@pytest.fixture
def work(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Job, Job]]:
    """A job that fails and one that uses a library, in a project without LOGGING."""
    monkeypatch.setenv("PROBE_LOGGING", "none")
    names = ["probe_object", "probe_library"]
    for name in names:
        job_types.register(name, lambda job: None)
    fails, uses = [Job.objects.enqueue(name, {}) for name in names]
    yield fails, uses
    for name in names:
        del job_types._types[name]


def on_a_terminal(*arguments: str) -> str:
    """What a command shows on one."""
    terminal, end = os.openpty()
    wide = environment() | {"COLUMNS": "250", "TERM": "xterm"}
    command = [sys.executable, "manage.py", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=wide, stdout=end, stderr=end, stdin=end) as it:
        os.close(end)
        shown = b""
        while more := read(terminal):
            shown += more
        it.wait(60)
    os.close(terminal)
    return shown.decode()


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # as Linux tells that nobody writes any more
        return b""


def test_with_nothing_set_up_it_says_what_it_does(work):
    fails, uses = work

    said = manage("run_jobs", "--until-empty", "--slots", 1).stderr

    assert f" INFO jobs.worker: Claimed probe_object {fails.pk}.\n" in said
    assert f" ERROR jobs.worker: Failed probe_object {fails.pk} {ON_PURPOSE}\n" in said
    assert f" INFO jobs.worker: Finished probe_library {uses.pk}.\n" in said
    assert said.count("WARNING jobs.probe_object: about to object\n") == 1
    assert said.count("ERROR some.library: the library complains\n") == 1


def test_on_a_terminal_it_says_no_less(work):
    fails, uses = work

    said = on_a_terminal("run_jobs", "--until-empty", "--slots", "1")

    assert "ValueError: on purpose" in said
    assert said.count(f"probe_object {fails.pk}") == 2
    assert said.count(f"probe_library {uses.pk}") == 2
    assert said.count("about to object") == 1
    assert said.count("the library complains") == 1


def test_one_job_run_in_the_foreground_is_told_as_well(work):
    fails, _ = work

    said = manage("process_job", fails.pk).stderr

    assert f" ERROR jobs.worker: Failed probe_object {fails.pk} {ON_PURPOSE}\n" in said


# -- where something is set up ---------------------------------------------------------------------


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """To be left as it was."""
    root, ours = logging.getLogger(), logging.getLogger("jobs")
    level = ours.level
    yield root
    ours.setLevel(level)


def test_a_handler_of_the_project_at_the_root_is_left_alone(root, capsys, monkeypatch):
    monkeypatch.setattr(root, "handlers", [logging.NullHandler()])

    show_what_nobody_handles()
    logging.getLogger("jobs.worker").error("it broke")

    assert capsys.readouterr().err == ""


def test_what_another_logger_shows_is_shown_once(root, capsys, monkeypatch):
    library = logging.getLogger("some.library")
    library.addHandler(logging.StreamHandler(sys.stderr))
    monkeypatch.setattr(root, "handlers", [])

    show_what_nobody_handles()
    logging.getLogger("some.library.part").error("it broke")
    library.handlers.clear()

    assert capsys.readouterr().err == "it broke\n"


def test_what_another_logger_keeps_for_later_is_shown(root, capsys, monkeypatch):
    library = logging.getLogger("some.library")
    library.addHandler(logging.StreamHandler(io.StringIO()))
    monkeypatch.setattr(root, "handlers", [])

    show_what_nobody_handles()
    library.error("it broke")
    library.handlers.clear()

    assert capsys.readouterr().err.endswith(" ERROR some.library: it broke\n")


# -- what is said of a job -------------------------------------------------------------------------


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Any:
    """The level and message of all there is."""
    caplog.set_level(logging.INFO, "jobs")
    return lambda: [(record.levelname, record.getMessage()) for record in caplog.records]


def held(**more: Any) -> Held:
    return Held("the-id", 1, 1, "task", **more)


def test_the_last_failure_is_an_error_and_one_before_it_a_warning(said, handled_by):
    handled_by(lambda job: None, max_attempts=2)
    failure = Failure("exception", "KeyError:\n 'a'", repeatable=True)

    Console().failed(held(attempts=1), failure)
    Console().failed(held(attempts=2), failure)

    assert said() == [
        ("WARNING", "Failed task the-id (exception, attempt 1, to be tried again): KeyError: 'a'"),
        ("ERROR", "Failed task the-id (exception, attempt 2, the last): KeyError: 'a'"),
    ]


def test_what_another_attempt_cannot_help_is_an_error_at_once(said, handled_by):
    handled_by(lambda job: None, max_attempts=2)

    Console().failed(held(attempts=1), Failure("invalid_payload", "no source"))

    assert said()[0][0] == "ERROR"


def test_the_fourth_crash_is_an_error(said):
    for crashes in range(4):
        Console().failed(held(attempts=1, crashes=crashes), Failure("crashed", "gone"))

    assert [level for level, _ in said()] == ["WARNING"] * 3 + ["ERROR"]


def test_what_a_person_cancelled_is_no_failure(said):
    Console().failed(held(), CANCELLED)

    assert said() == [("INFO", "Cancelled task the-id.")]


@pytest.mark.parametrize(
    ("why", "message"),
    [
        (STOPS, "Put back task the-id, for the worker stops."),
        (WAITED, "Put back task the-id, for another worker may have room for it."),
    ],
)
def test_a_job_is_put_back_for_its_own_reason(said, why, message):
    Console().released(held(), why)

    assert said() == [("INFO", message)]


def test_a_job_that_is_put_back_for_a_while_is_named_with_the_reason(said):
    Console().put_back(held(), "'source' is\nunknown")

    assert said() == [("WARNING", "Put back task the-id for a while: 'source' is unknown")]


# -- what a child hands over, and where it goes ----------------------------------------------------


def test_a_line_that_a_child_hands_over_is_left_to_the_handlers_of_the_root(caplog):
    library = logging.getLogger("some.library")
    below = io.StringIO()
    library.addHandler(logging.StreamHandler(below))  # it has written it in the child

    Console().log({"name": "some.library", "level": logging.ERROR, "text": "100 % broken"})
    library.handlers.clear()

    assert [(it.name, it.getMessage()) for it in caplog.records] == [
        ("some.library", "100 % broken")
    ]
    assert below.getvalue() == ""


def test_on_a_terminal_what_goes_elsewhere_still_goes_there(monkeypatch):
    file, root = io.StringIO(), logging.getLogger()
    kept = logging.StreamHandler(file)
    monkeypatch.setattr(root, "handlers", [kept, logging.StreamHandler(sys.stderr)])

    Terminal(Screen(file=io.StringIO()))
    logging.getLogger("some.library").error("it broke")

    assert len(root.handlers) == 2
    assert file.getvalue() == "it broke\n"
