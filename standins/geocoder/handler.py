"""One connection to the stand-in: requests in, answers or faults out."""

import json
import struct
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler
from itertools import islice
from socket import SO_LINGER, SOL_SOCKET
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from standins.geocoder.faults import Fault, faults_from
from standins.geocoder.form import BadRequest, Form
from standins.geocoder.geojson import collection
from standins.geocoder.table import Table

if TYPE_CHECKING:
    from standins.geocoder.server import Server

PAGE = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body></body></html>"
TOO_FAST = Fault("status", status=429, message="Too many requests.", headers={"Retry-After": "1"})
ROWS_AT_ONCE = 20


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds that a connection may be idle
    # Otherwise an answer in pieces waits for the acknowledgement of each.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path.rstrip("/"), parse_qs(urlsplit(self.path).query)
        if path == "/standin/counters":
            self.send_json(200, self.standin.counters.as_dict())
        elif path == "/search":
            self.counted(lambda: self.search(query))
        else:
            self.send_error_json(404, f"There is no {path}.")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path.rstrip("/")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if path == "/standin/faults":
            self.set_faults(body)
        elif path in ("/search/csv", "/reverse/csv"):
            self.counted(lambda: self.answer(path.split("/")[1], body))
        else:
            self.send_error_json(404, f"There is no {path}.")

    def counted(self, answer: Callable[[], None]) -> None:
        self.standin.counters.request()
        try:
            if self.standin.bucket.take(self.client_address[0]):
                answer()
            else:
                self.refuse(TOO_FAST)
        except BadRequest as error:
            self.send_error_json(400, str(error))
        except ConnectionError:
            self.close_connection = True  # the client has gone

    def search(self, query: dict[str, list[str]]) -> None:
        if not (text := query.get("q", [""])[0].strip()):
            raise BadRequest("The parameter q is missing.")
        self.standin.counters.asked_for([text])
        self.send_json(200, collection(text, self.standin.index.search(text)))

    def answer(self, kind: str, body: bytes) -> None:
        form = Form(self.headers.get("Content-Type", ""), body)
        table = Table(kind, form, bare=self.standin.bare)
        self.standin.counters.asked_for(texts := table.texts())
        fault = self.standin.faults.take(texts, len(body))
        lines = table.lines(self.standin.index)
        if fault:
            self.fail(fault, lines, len(texts))
        else:
            self.send_lines(lines)

    def fail(self, fault: Fault, lines: Iterator[str], rows: int) -> None:
        match fault.kind:
            case "status":
                self.refuse(fault)
            case "html":
                self.send(200, "text/html; charset=utf-8", PAGE.encode())
            case "reset":
                self.reset()
            case "late":
                self.standin.wait(fault.seconds)
                self.send_lines(lines)
            case "drip":
                self.drip("".join(lines).encode(), fault.seconds)
            case "cut":
                self.cut(list(lines), fault)
            case "missing":
                self.send_lines(islice(lines, 1 + rows - fault.rows))

    def refuse(self, fault: Fault) -> None:
        if fault.status == 429:
            self.standin.counters.refusal()
        self.send_error_json(fault.status, fault.message, **fault.headers)

    def reset(self) -> None:
        # Closed with nothing lingering, a socket sends RST.
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()
        self.close_connection = True

    def drip(self, body: bytes, seconds: float) -> None:
        self.head(200, "text/csv; charset=utf-8", **{"Content-Length": str(len(body))})
        for byte in body:
            if self.standin.wait(seconds):
                break
            self.wfile.write(bytes([byte]))

    def cut(self, lines: list[str], fault: Fault) -> None:
        """Stop after some rows, in the middle of the next."""
        sent = "".join(lines[: 1 + fault.rows])
        sent += "".join(lines[1 + fault.rows : 2 + fault.rows])[:9]
        ending = {
            "length": {"Content-Length": str(len("".join(lines).encode()))},
            "chunked": {"Transfer-Encoding": "chunked"},
            "close": {"Connection": "close"},
        }[fault.ending]
        self.head(200, "text/csv; charset=utf-8", **ending)
        self.wfile.write(chunk(sent) if fault.ending == "chunked" else sent.encode())
        self.close_connection = True

    def send_lines(self, lines: Iterable[str]) -> None:
        """In chunks, as they come, at the pace of the stand-in."""
        self.head(200, "text/csv; charset=utf-8", **{"Transfer-Encoding": "chunked"})
        lines = iter(lines)
        self.wfile.write(chunk(next(lines)))
        while rows := list(islice(lines, ROWS_AT_ONCE)):
            self.standin.pace(len(rows))
            self.wfile.write(chunk("".join(rows)))
        self.wfile.write(b"0\r\n\r\n")

    def set_faults(self, body: bytes) -> None:
        try:
            self.standin.faults.set(*faults_from(json.loads(body)))
        except (ValueError, TypeError, AttributeError) as error:
            self.send_error_json(400, str(error))
        else:
            self.send_json(200, {})

    def send_error_json(self, status: int, message: str, **headers: str) -> None:
        self.send_json(status, {"code": status, "message": message}, **headers)

    def send_json(self, status: int, content: Any, **headers: str) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self.send(status, "application/json; charset=utf-8", body, **headers)

    def send(self, status: int, type: str, body: bytes, **headers: str) -> None:
        self.head(status, type, **{"Content-Length": str(len(body))}, **headers)
        self.wfile.write(body)

    def head(self, status: int, type: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": type, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass  # the counters say what was asked

    @property
    def standin(self) -> "Server":
        return cast("Server", self.server)


def chunk(text: str) -> bytes:
    content = text.encode()
    return b"%x\r\n%s\r\n" % (len(content), content)
