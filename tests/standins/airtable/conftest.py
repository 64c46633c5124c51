"""A stand-in of Airtable with a made-up base, a way to ask it, and the real client."""

from collections.abc import Callable, Iterator

import pyairtable
import pytest
import requests

from standins.airtable import KEY, AirtableStandin, Table
from tests.standins.airtable.world import NAME, SCHEMA


@pytest.fixture
def standin() -> Iterator[AirtableStandin]:
    with AirtableStandin(SCHEMA, requests_per_second=None) as standin:
        yield standin


@pytest.fixture
def table(standin: AirtableStandin) -> Table:
    return standin.table(NAME)


@pytest.fixture
def ask(standin: AirtableStandin) -> Iterator[Callable[..., requests.Response]]:
    """`ask("GET", HEAT, params={…})`, with the key."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {KEY}"

        def ask(method: str, route: str, **options: object) -> requests.Response:
            return session.request(method, f"{standin.url}/v0/{route}", timeout=5, **options)

        yield ask


@pytest.fixture
def api(standin: AirtableStandin) -> Iterator[pyairtable.Api]:
    api = pyairtable.Api(standin.key, endpoint_url=standin.url, retry_strategy=None, timeout=(5, 5))
    with api.session:
        yield api


@pytest.fixture
def remote(api: pyairtable.Api, standin: AirtableStandin) -> pyairtable.Table:
    """The same table, for the client."""
    return api.table(standin.base, NAME)
