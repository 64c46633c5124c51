"""One connection to the stand-in: requests in, answers or faults out."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from standins.airtable.control import Change
from standins.airtable.errors import ApiError, refused, stale_iterator
from standins.airtable.faults import Fault, faults_from
from standins.airtable.loopback import HTML, JSON, LoopbackHandler, encoded
from standins.airtable.page import page_of
from standins.airtable.request import Answer, Request

if TYPE_CHECKING:
    from standins.airtable.server import Server

MAINTENANCE = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body></body></html>"
RATE_LIMIT = {
    "error": "RATE_LIMIT_REACHED",
    "message": "Rate limit exceeded. Please try again later",
}


class Handler(LoopbackHandler):
    def answer(self) -> None:
        body, path = self.body(), urlsplit(self.path).path
        match self.command, path:
            case "GET", "/":
                page = page_of(self.standin.base, self.standin.counters)
                self.send(200, HTML, page.encode(), **{"Cache-Control": "no-store"})
            case "GET", "/standin/counters":
                self.send_json(200, self.standin.counters.as_dict())
            case "POST", "/standin/faults":
                self.obey(self.set_faults, body)
            case "POST", "/standin/change":
                self.obey(self.change, body)
            case _ if path.startswith("/v0/"):
                self.answer_api(body)
            case _:
                self.send_json(404, {"message": f"There is no {path}."})

    def answer_api(self, body: bytes) -> None:
        url = f"http://{self.headers.get('Host', '')}{self.path}"
        request = Request(self.command, url, self.headers.get("Authorization", ""), body)
        now = self.standin.clock()
        self.standin.counters.request(request, now)
        if request.is_on_base and not self.standin.pace.take(now):
            self.refuse(now)
        elif fault := self.standin.faults.take(request):
            self.fail(fault, request, now)
        else:
            self.send_answer(self.standin.api.answer(request))

    def fail(self, fault: Fault, request: Request, now: float) -> None:
        match fault.kind:
            case "status":
                self.send_status(fault)
            case "rate":
                self.standin.pace.punish(now)
                self.refuse(now)
            case "reset":
                self.reset()
            case "html":
                self.send(200, HTML, MAINTENANCE)
            case "stale":
                self.send_error_of(stale_iterator())
            case "echo":
                message = f"Invalid request: Authorization: {request.authorization}"
                self.send_error_of(refused(422, "INVALID_REQUEST_UNKNOWN", message))
            case "late" | "cut" | "malformed":
                self.fail_after(fault, self.standin.api.answer(request))

    def fail_after(self, fault: Fault, answer: Answer) -> None:
        """What was asked for is done; only the answer suffers."""
        body = encoded(answer.content)
        match fault.kind:
            case "late":
                self.standin.wait(fault.seconds)
                self.send_answer(answer)
            case "malformed":
                self.send(answer.status, JSON, body[: len(body) // 2])
            case "cut":
                if fault.sent:
                    self.head(answer.status, JSON, **{"Content-Length": str(len(body))})
                    self.wfile.write(body[:-1][: fault.sent])  # never the whole
                self.close_connection = True

    def refuse(self, now: float) -> None:
        self.standin.counters.refusal()
        seconds = str(self.standin.pace.seconds_left(now))
        headers = {"Retry-After": seconds} if self.standin.retry_after else {}
        self.send_json(429, {"errors": [RATE_LIMIT]}, **headers)

    def send_status(self, fault: Fault) -> None:
        if fault.status == 429:
            self.standin.counters.refusal()
        if fault.body == "html":
            self.send(fault.status, HTML, MAINTENANCE)
        else:
            self.send_error_of(refused(fault.status, "SERVER_ERROR", fault.message))

    def send_error_of(self, error: ApiError) -> None:
        self.send_json(error.status, error.body)

    def send_answer(self, answer: Answer) -> None:
        self.send_json(answer.status, answer.content)

    def obey(self, order: Callable[[Any], dict[str, Any]], body: bytes) -> None:
        try:
            self.send_json(200, order(json.loads(body)))
        except (ValueError, TypeError, AttributeError, ApiError) as error:
            self.send_json(400, {"message": str(error)})

    def set_faults(self, items: Any) -> dict[str, Any]:
        self.standin.faults.set(*faults_from(items))
        return {}

    def change(self, content: Any) -> dict[str, Any]:
        return {"records": Change.model_validate(content).apply(self.standin.base)}

    @property
    def standin(self) -> "Server":
        return cast("Server", self.server)
