"""The stand-in as a server in a thread, on loopback only."""

import time
from collections.abc import Callable, Collection, Sequence
from types import TracebackType
from typing import Self

from standins.airtable.api import Api
from standins.airtable.base import BASE, KEY, Base, Permission
from standins.airtable.counters import Counters
from standins.airtable.faults import Faults
from standins.airtable.handler import Handler
from standins.airtable.loopback import LoopbackServer
from standins.airtable.pace import Pace
from standins.airtable.schema import TableSchema
from standins.airtable.table import Table

REQUESTS_PER_SECOND = 5  # that the service takes for one base
PENALTY = 30.0  # seconds for which it then takes none


class Server(LoopbackServer):
    """What its connections share."""

    def __init__(
        self, port: int, base: Base, pace: Pace, clock: Callable[[], float], *, retry_after: bool
    ) -> None:
        self.base, self.pace, self.clock, self.retry_after = base, pace, clock, retry_after
        self.counters, self.faults = Counters(), Faults()
        self.api = Api(base, self.counters)
        super().__init__(port, Handler, name="airtable-standin")


class AirtableStandin:
    """`with AirtableStandin(schema) as standin:` ask `standin.url` with `standin.key`.

    Beyond `requests_per_second` all requests are refused for `penalty` seconds; None: never.
    `retry_after` tells in a header for how long; `clock` gives the seconds that count.
    """

    key, base = KEY, BASE

    def __init__(
        self,
        schema: Sequence[TableSchema],
        *,
        port: int = 0,
        requests_per_second: int | None = REQUESTS_PER_SECOND,
        penalty: float = PENALTY,
        retry_after: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = Base(schema)
        pace = Pace(requests_per_second, penalty)
        self._server = Server(port, self._base, pace, clock, retry_after=retry_after)

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def counters(self) -> Counters:
        return self._server.counters

    @property
    def faults(self) -> Faults:
        return self._server.faults

    @property
    def scopes(self) -> Collection[str]:
        """What the key may be used for."""
        return self._base.scopes

    @scopes.setter
    def scopes(self, scopes: Collection[str]) -> None:
        self._base.scopes = scopes

    def grant(self, permission: Permission | None) -> None:
        """What the key may do with the base; None: it doesn't see it."""
        self._base.grant(permission)

    def table(self, name: str) -> Table:
        return self._base.table(name)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.stop()
