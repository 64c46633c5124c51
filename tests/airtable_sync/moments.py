"""What happens at a request: the worker dies, or somebody works in Airtable or here."""

from collections.abc import Callable
from itertools import count
from typing import Any, NoReturn

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter


class Crash(BaseException):
    """Nobody catches it, as nobody is left when a worker is killed."""


def crash() -> NoReturn:
    raise Crash


def at_request(
    monkeypatch: pytest.MonkeyPatch, number: int, do: Callable[[], Any], *, answered: bool = False
) -> None:
    """At that request from now on, 1 being the next: before it is sent, or once it is answered."""
    send, numbers = HTTPAdapter.send, count(1)

    def counted(
        self: HTTPAdapter, request: PreparedRequest, *args: Any, **options: Any
    ) -> Response:
        its_turn = next(numbers) == number
        if its_turn and not answered:
            do()
        response = send(self, request, *args, **options)
        if its_turn and answered:
            # Read, or its connection would stay open.
            _ = response.content
            do()
        return response

    monkeypatch.setattr(HTTPAdapter, "send", counted)
