"""The stand-in as a server in a thread, on loopback only."""

import contextlib
import socket
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from standins.geocoder.bucket import Bucket
from standins.geocoder.counters import Counters
from standins.geocoder.faults import Faults
from standins.geocoder.handler import Handler
from standins.geocoder.index import Index

REQUESTS_PER_SECOND = 50  # that the public service takes of one client


class Server(ThreadingHTTPServer):
    """What its connections share."""

    daemon_threads = True

    def __init__(
        self, port: int, index: Index, bucket: Bucket, *, rows_per_second: float | None, bare: bool
    ) -> None:
        self.index, self.bucket, self.bare = index, bucket, bare
        self.rows_per_second = rows_per_second
        self.counters, self.faults = Counters(), Faults()
        self._stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def wait(self, seconds: float) -> bool:
        """Whether the server stopped meanwhile."""
        return self._stopping.wait(seconds)

    def pace(self, rows: int) -> None:
        if self.rows_per_second:
            self.wait(rows / self.rows_per_second)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, client = super().get_request()
        self._connections.add(connection)
        return connection, client

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        super().shutdown_request(request)
        assert isinstance(request, socket.socket)
        self._connections.discard(request)

    def stop(self) -> None:
        """Those that are idle, but open, end too."""
        self._stopping.set()
        self.shutdown()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class GeocoderStandin:
    """`with GeocoderStandin(Path("data/ban-sample.ndjson")) as standin:` ask `standin.url`.

    `requests_per_second`: beyond it a client gets status 429; None: it is never refused.
    """

    def __init__(
        self,
        addresses: Path | Index,
        *,
        port: int = 0,
        rows_per_second: float | None = None,
        requests_per_second: float | None = REQUESTS_PER_SECOND,
        bare: bool = False,
    ) -> None:
        index = addresses if isinstance(addresses, Index) else Index.read(addresses)
        bucket = Bucket(requests_per_second)
        self._server = Server(port, index, bucket, rows_per_second=rows_per_second, bare=bare)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="geocoder-standin", daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def counters(self) -> Counters:
        return self._server.counters

    @property
    def faults(self) -> Faults:
        return self._server.faults

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.stop()
        self._thread.join()
