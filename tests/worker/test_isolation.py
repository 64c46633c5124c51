"""A worker reads what is committed, whatever the project or the server has chosen for others."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connections
from psycopg import IsolationLevel

from jobs.worker.line import bounded_statement, bounded_transaction, open_as

pytestmark = pytest.mark.django_db(transaction=True)
LEVELS = [r"repeatable\ read", "serializable"]
Block = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection that is not open yet, as a worker has it when it begins."""
    usual = connections["default"]
    monkeypatch.setattr("jobs.worker.line.given", {})
    connections["default"] = usual.copy()
    yield connections["default"]
    connections["default"].close()
    connections["default"] = usual


def level() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("block", [bounded_statement, bounded_transaction])
@pytest.mark.parametrize("default", LEVELS)
def test_the_default_of_the_server_is_not_the_worker_s(line, monkeypatch, default, block: Block):
    monkeypatch.setenv("PGOPTIONS", f"-c default_transaction_isolation={default}")

    open_as("worker")

    assert level() == default.replace("\\", "")
    with block():
        assert level() == "read committed"


@pytest.mark.parametrize("block", [bounded_statement, bounded_transaction])
def test_the_level_that_a_project_asks_for_is_not_the_worker_s(line, block: Block):
    line.settings_dict["OPTIONS"]["isolation_level"] = IsolationLevel.SERIALIZABLE

    open_as("worker")

    with block():
        assert level() == "read committed"


@pytest.mark.parametrize("default", LEVELS)
def test_behind_a_pooler_it_is_not_either(line, monkeypatch, default):
    monkeypatch.setenv("PGOPTIONS", f"-c default_transaction_isolation={default}")
    monkeypatch.setattr("jobs.worker.line.has_own_session", lambda: False)

    open_as("worker")

    with bounded_statement():
        assert level() == "read committed"
    assert level() == default.replace("\\", "")
