"""Where the database is: asked in another process, for a short time, and remembered for a while."""

import json
import time
from typing import Any

import pytest
from django.db import OperationalError
from psycopg._conninfo_attempts import conninfo_attempts

from jobs.worker import addresses
from jobs.worker.addresses import with_addresses

BY_NAME = {"host": "db.test", "port": "6432", "dbname": "jobs"}


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "answers", {})


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the other process say this, or say nothing at all."""

    def says(answer: dict[str, list[str]] | None) -> None:
        silence = "import time; time.sleep(600)"
        answer_it = f"print({json.dumps(json.dumps(answer))})"
        monkeypatch.setattr(addresses, "ASK", answer_it if answer else silence)

    return says


def places(params: dict[str, Any]) -> list[tuple[str, ...]]:
    """What psycopg would try one after the other, as it splits them itself."""
    names = ("host", "port", "hostaddr")
    return [tuple(it.get(name, "") for name in names) for it in conninfo_attempts(params)]


def test_a_name_is_given_its_address(name_server):
    name_server({"db.test": ["192.0.2.1"]})

    assert with_addresses(BY_NAME, limit=60) == BY_NAME | {"hostaddr": "192.0.2.1"}


def test_each_address_of_each_host_is_tried(name_server):
    name_server({"a.test": ["::1", "192.0.2.1"], "b.test": ["192.0.2.2"]})
    asked = {"host": "a.test,/run,192.0.2.9,b.test", "port": "1,2,3,4", "connect_timeout": 3}

    found = with_addresses(asked, limit=60)

    assert places(found) == [
        ("a.test", "1", "::1"),
        ("a.test", "1", "192.0.2.1"),
        ("/run", "2", ""),
        ("192.0.2.9", "3", "192.0.2.9"),
        ("b.test", "4", "192.0.2.2"),
    ]
    assert found["connect_timeout"] == 2


def test_the_environment_of_libpq_names_hosts_too(name_server, monkeypatch):
    name_server({"db.test": ["192.0.2.1"]})
    monkeypatch.setenv("PGHOST", "db.test")
    monkeypatch.setenv("PGPORT", "6432")

    assert places(with_addresses({}, limit=60)) == [("db.test", "6432", "192.0.2.1")]


@pytest.mark.parametrize(
    "host", ["", "/run/postgresql", "@abstract", "localhost", "::1", "10.0.0.1"]
)
def test_nobody_is_asked_about_what_is_no_name(host, name_server):
    name_server(None)
    asked = {"host": host}

    assert with_addresses(asked, limit=60) is asked


def test_nobody_is_asked_where_the_project_gives_the_address(name_server):
    name_server(None)
    asked = BY_NAME | {"hostaddr": "192.0.2.7"}

    assert with_addresses(asked, limit=60) is asked


def test_nor_where_the_environment_gives_it(name_server, monkeypatch):
    name_server(None)
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.7")

    assert with_addresses(BY_NAME, limit=60) is BY_NAME


def test_a_name_server_that_is_silent_is_waited_for_no_longer_than_that(name_server):
    name_server(None)
    began = time.monotonic()

    with pytest.raises(OperationalError) as caught:
        with_addresses(BY_NAME, limit=0.5)

    assert time.monotonic() - began < 30
    assert str(caught.value) == (
        "Where db.test is cannot be found out: no name server answered within 0.5 s."
    )


def test_while_it_is_silent_the_last_answer_serves(name_server):
    name_server({"db.test": ["192.0.2.1"]})
    with_addresses(BY_NAME, limit=60)
    name_server(None)

    assert with_addresses(BY_NAME, limit=0.2)["hostaddr"] == "192.0.2.1"


def test_an_answer_serves_only_for_a_while(name_server, monkeypatch):
    name_server({"db.test": ["192.0.2.1"]})
    with_addresses(BY_NAME, limit=60)
    name_server(None)
    monkeypatch.setattr(addresses, "KEPT", -1)

    with pytest.raises(OperationalError):
        with_addresses(BY_NAME, limit=0.2)


def test_while_it_answers_its_answer_counts(name_server):
    name_server({"db.test": ["192.0.2.1"]})
    with_addresses(BY_NAME, limit=60)
    name_server({"db.test": ["192.0.2.2"]})

    assert with_addresses(BY_NAME, limit=60)["hostaddr"] == "192.0.2.2"


def test_the_other_process_asks_as_any_program_does():
    assert "127.0.0.1" in addresses.ask(["localhost"], limit=60)["localhost"]


def test_a_name_that_nobody_has_is_told_with_the_reason():
    with pytest.raises(OperationalError, match=r"^Where \.invalid is cannot be found out: .+\.$"):
        addresses.ask([".invalid"], limit=60)
