"""The key is in nothing that anybody reads: no error, no traceback, no log line."""

import traceback
from collections.abc import Iterator
from datetime import timedelta

import pytest
from requests import RequestException
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from airtable_sync.client import Airtable
from airtable_sync.client.errors import NotAirtable
from airtable_sync.client.redacted import redacted
from airtable_sync.errors import AirtableRefused, AirtableSyncError
from standins.airtable import BASE, KEY, Fault
from tests.airtable_sync.client.test_refused import answer
from tests.airtable_sync.client.world import COLUMNS, TABLE, add_networks, conf_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Not found.", "Not found."),
        (f"Bearer {KEY} is no key", "Bearer … is no key"),
        (f"{KEY} and {KEY}", "… and …"),
        (f"{KEY}{KEY}", "……"),
        (f"begins with {KEY[:9]}", "begins with …"),
        (f"ends with {KEY[-9:]}", "ends with …"),
        (f"in the middle {KEY[5:20]}!", "in the middle …!"),
        (f"eight of it may be a word: {KEY[:8]}", f"eight of it may be a word: {KEY[:8]}"),
    ],
)
def test_the_key_and_every_longer_part_of_it_is_a_mark(text, shown):
    assert redacted(text, KEY) == shown


def test_a_short_key_is_hidden_as_a_whole():
    assert redacted("the key is abc", "abc") == "the key is …"


def ask_in_vain(airtable: Airtable) -> str:
    """All that can be read of the error, and of what hangs on it."""
    with pytest.raises(AirtableSyncError) as raised:
        airtable.records(TABLE, COLUMNS)
    trace = traceback.format_exception(raised.value)
    return "\n".join([*trace, *(said_by(error) for error in chain(raised.value))])


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """With those that a traceback leaves out."""
    while error is not None:
        # Their exceptions hold the request, whose header is the key.
        assert not isinstance(error, RequestException | HTTPError)
        yield error
        error = error.__cause__ or error.__context__


def said_by(error: BaseException) -> str:
    return f"{error!r} {error} {error.args} {vars(error)}"


def parts_in(text: str, key: str = KEY) -> list[str]:
    """Of the key; the base of the stand-in, which may be told, looks like it."""
    parts = (key[at : at + 9] for at in range(len(key) - 8))
    return [part for part in parts if part in text.replace(BASE, "")]


FAULTS = [
    Fault("status", times=None, status=503, message=f"Bearer {KEY} is not welcome"),
    Fault("status", status=401, message=f"{KEY} is no key"),
    Fault("rate", times=None),
    Fault("late", times=None, seconds=30),
    Fault("reset", times=None),
    Fault("cut", times=None),
    Fault("cut", times=None, sent=20),
    Fault("malformed", times=None),
    Fault("html", times=None),
    Fault("stale", times=None),
    Fault("echo"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{fault.sent}")
def test_no_fault_tells_it(standin, clock, caplog, fault):
    """By an error, a line of a log, or a representation."""
    add_networks(standin, 101)
    conf = conf_of(standin, timeout=timedelta(seconds=0.1), patience=timedelta(seconds=20))
    airtable = Airtable(conf, clock=clock)
    standin.faults.set(fault)

    with caplog.at_level("DEBUG"):
        text = ask_in_vain(airtable)

    lines = "".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert parts_in(f"{text} {lines} {airtable!r} {conf!r}") == []


@pytest.mark.django_db
def test_what_repeats_it_says_the_rest(standin, airtable):
    standin.faults.set(Fault("echo"))

    with pytest.raises(AirtableRefused) as error:
        airtable.records(TABLE, COLUMNS)

    assert error.value.message == "Invalid request: Authorization: Bearer …"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://127.0.0.1:9", ""),
        ("http://airtable.invalid", "http://127.0.0.1:9"),
        ("https://airtable.invalid", "http://127.0.0.1:9"),
        ("http://airtable.invalid", "http://"),
        ("http://airtable.invalid", "socks5://127.0.0.1:9"),
        ("ftp://airtable.invalid", ""),
    ],
)
def test_nobody_on_the_way_tells_it(client_of, told, monkeypatch, url, proxy):
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    text = ask_in_vain(client_of(url=url, patience=timedelta(seconds=5)))

    assert parts_in(f"{text} {told}") == []


@pytest.mark.django_db
def test_a_key_that_fits_no_header_is_not_repeated(client_of):
    text = ask_in_vain(client_of(api_key=f"{KEY}\n"))

    assert parts_in(text) == []


@pytest.mark.django_db
def test_a_cell_that_is_no_json_does_not_tell_it(standin, airtable):
    with pytest.raises(AirtableSyncError) as raised:
        airtable.upsert(TABLE, [{"fields": {"id_fcu": float("nan")}}], key="id_fcu")

    assert parts_in("".join(map(said_by, chain(raised.value)))) == []
    assert standin.counters.requests == 0


@pytest.mark.django_db
def test_who_it_is_sent_on_to_is_not_told(standin, client_of, monkeypatch):
    moved = answer(307, "", Location=f"{standin.url}/v0/{standin.base}/{TABLE}")
    monkeypatch.setattr(HTTPAdapter, "send", lambda adapter, request, **options: moved)

    with pytest.raises(NotAirtable):
        client_of(url="http://127.0.0.1:9").records(TABLE, COLUMNS)

    assert standin.counters.requests == 0
