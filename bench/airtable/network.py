"""What lies between a client and the stand-in: it takes time, and sees what is sent."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from services.clock import Clock

SEED = 5


class Network:
    """Every request is answered `seconds` after it was sent, by a virtual clock.

    Of these up to `on_the_way` go by before it arrives, now more, now less: so requests that are
    sent evenly do not arrive evenly.
    """

    def __init__(self, clock: Clock, seconds: float, *, on_the_way: float = 0) -> None:
        self.cells = 0  # that were sent to be written
        self._clock, self._seconds, self._on_the_way = clock, seconds, on_the_way
        self._random = random.Random(SEED)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """All that is sent with `requests` goes this way, whoever sends it."""
        send = HTTPAdapter.send

        def sent(adapter: HTTPAdapter, request: PreparedRequest, **options: Any) -> Response:
            self.cells += cells_in(request)
            there = self._random.uniform(0, self._on_the_way)
            self._clock.sleep(there)
            response = send(adapter, request, **options)
            self._clock.sleep(self._seconds - there)
            return response

        with patch.object(HTTPAdapter, "send", sent):
            yield


def cells_in(request: PreparedRequest) -> int:
    body: dict[str, Any] = json.loads(request.body or "{}")
    written = [record["fields"] for record in body.get("records", [body]) if "fields" in record]
    # A listing names the fields it wants.
    return sum(len(fields) for fields in written if isinstance(fields, dict))
