"""The line that hears of new jobs: a cut that nobody told of is found out, and mended."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from jobs.wake import notify
from jobs.worker.listener import Listener
from tests.proxy import Proxy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    settings = connection.settings_dict
    with Proxy(settings["HOST"], int(settings["PORT"] or 5432)) as proxy:
        yield proxy


@pytest.fixture
def listener(proxy: Proxy, settings: Any) -> Iterator[Listener]:
    """One that listens through the proxy."""
    place = {"host": "127.0.0.1", "port": proxy.port}
    params = connection.get_connection_params()
    names = {"dbname", "user", "password"} & params.keys()
    url = make_conninfo(**(place | {name: params[name] for name in names}))
    settings.JOBS = {**settings.JOBS, "listen_url": url, "statement": timedelta(seconds=1)}
    listener = Listener()
    assert listener.open_if_closed()
    yield listener
    listener.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is asked whenever it is read."""
    monkeypatch.setattr("jobs.worker.listener.ASK_EVERY", 0.0)


def test_a_line_that_was_cut_without_a_word_is_given_up(at_once, listener, proxy, caplog):
    listener.read()
    proxy.stall()

    assert listener.may_be_cut
    listener.read()

    assert listener.connection is None
    assert caplog.messages == [
        "The line on which new jobs are told is lost (The database did not answer within 1 s);"
        " they wait for the poll. Trying again in 2 s."
    ]


def test_it_is_opened_again_and_hears(at_once, listener, proxy):
    listener.read()
    proxy.stall()
    listener.read()
    proxy.resume()
    listener.close(pause=0)

    assert listener.open_if_closed()
    notify("work")

    assert hears(listener, "work")


def test_what_was_said_before_it_was_asked_is_heard(at_once, listener):
    notify("work")
    notify("cancel")

    assert hears(listener, "work", "cancel")


def test_one_that_was_heard_of_lately_is_not_asked(listener):
    listener.read()

    assert not listener.may_be_cut


def hears(listener: Listener, *expected: str) -> bool:
    """It hears these; what is sent first need not come first."""
    said: set[str] = set()
    give_up = time.monotonic() + 30
    while not said.issuperset(expected) and time.monotonic() < give_up:
        said |= listener.read()
    return said == set(expected)
