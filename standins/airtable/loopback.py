"""A server for tests: in a thread, on loopback only, ending with all its connections."""

import contextlib
import json
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


class LoopbackServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, handler: type["LoopbackHandler"], *, name: str) -> None:
        self._stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """At once; connections that are idle, but open, end too."""
        self._stopping.set()
        with socket.create_connection(("127.0.0.1", self.server_port)):  # wakes it
            self._thread.join()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def wait(self, seconds: float) -> bool:
        """Whether the server stopped meanwhile."""
        return self._stopping.wait(seconds)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self.handle_request()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, client = super().get_request()
        self._connections.add(connection)
        return connection, client

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        super().shutdown_request(request)
        assert isinstance(request, socket.socket)
        self._connections.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # that the client has gone is no news
            super().handle_error(request, client_address)


class LoopbackHandler(BaseHTTPRequestHandler):
    """One connection: `answer` is called for each request."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds that a connection may be idle
    # Otherwise the body of an answer waits for the acknowledgement of its head.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def do_PUT(self) -> None:
        self.answer()

    def do_PATCH(self) -> None:
        self.answer()

    def do_DELETE(self) -> None:
        self.answer()

    def answer(self) -> None:
        raise NotImplementedError

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def send_json(self, status: int, content: Any, **headers: str) -> None:
        self.send(status, JSON, encoded(content), **headers)

    def send(self, status: int, type: str, body: bytes, **headers: str) -> None:
        self.head(status, type, **{"Content-Length": str(len(body))}, **headers)
        self.wfile.write(body)

    def head(self, status: int, type: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": type, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def reset(self) -> None:
        # Closed with nothing lingering, a socket sends RST.
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass  # the counters say what was asked


def encoded(content: Any) -> bytes:
    try:
        return json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can say in ASCII only
        return json.dumps(content).encode()
