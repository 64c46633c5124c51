"""A stand-in of the geocoder, and a way to ask it as the documentation says."""

import csv
import io
from collections.abc import Callable, Iterator

import pytest
import requests

from standins.geocoder import GeocoderStandin
from tests.standins.addresses import index


@pytest.fixture
def standin() -> Iterator[GeocoderStandin]:
    with GeocoderStandin(index()) as standin:
        yield standin


@pytest.fixture
def post(standin: GeocoderStandin) -> Iterator[Callable[..., requests.Response]]:
    """`post("search/csv", "address\\n…", columns=["address"])`."""
    with requests.Session() as session:
        session.trust_env = False

        def post(path: str, table: str, **fields: str | list[str]) -> requests.Response:
            files = {"data": ("rows.csv", table.encode(), "text/csv")}
            return session.post(f"{standin.url}/{path}", files=files, data=fields, timeout=5)

        yield post


@pytest.fixture
def rows_of(post: Callable[..., requests.Response]) -> Callable[..., list[dict[str, str]]]:
    """The rows of the answer."""

    def rows_of(path: str, table: str, **fields: str | list[str]) -> list[dict[str, str]]:
        answer = post(path, table, **fields)
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))

    return rows_of
