"""Each way in which Airtable can fail, by a name for it."""

from typing import Any

from standins.airtable import Fault

KINDS: dict[str, dict[str, Any]] = {
    "500": {"kind": "status"},
    "503 and a page": {"kind": "status", "status": 503, "body": "html"},
    "rate": {"kind": "rate"},
    "reset": {"kind": "reset"},
    "cut before the answer": {"kind": "cut"},
    "cut within the answer": {"kind": "cut", "sent": 20},
    "malformed": {"kind": "malformed"},
    "page": {"kind": "html"},
    "late": {"kind": "late", "seconds": 0.6},
    "stale": {"kind": "stale"},
    "echo": {"kind": "echo"},
}


def fault(name: str, only: Any, after: int, times: int | None) -> Fault:
    return Fault(**KINDS[name], only=only, after=after, times=times)


def is_done_nevertheless(name: str) -> bool:
    """Whether what was asked for is done, and only the answer is lost."""
    return KINDS[name]["kind"] in ("late", "cut", "malformed")
