"""What the stand-in was asked, and what became of it."""

import threading
from typing import Any, NamedTuple

from standins.airtable.request import Request


class Asked(NamedTuple):
    at: float  # by the clock of the stand-in
    method: str
    path: str
    records: int  # to be written or deleted


class Counters:
    def __init__(self) -> None:
        self.reads = self.writes = 0
        self.refusals = 0  # with status 429
        self.records_created = self.records_updated = self.records_deleted = 0
        self.log: list[Asked] = []
        self._lock = threading.Lock()

    @property
    def requests(self) -> int:
        return self.reads + self.writes

    def request(self, request: Request, at: float) -> None:
        with self._lock:
            self.log.append(Asked(at, request.method, request.path, request.records))
            self.reads += request.is_read
            self.writes += not request.is_read

    def refusal(self) -> None:
        with self._lock:
            self.refusals += 1

    def wrote(self, *, created: int = 0, updated: int = 0, deleted: int = 0) -> None:
        with self._lock:
            self.records_created += created
            self.records_updated += updated
            self.records_deleted += deleted

    def as_dict(self) -> dict[str, Any]:
        with self._lock:
            return {
                "requests": self.requests,
                "reads": self.reads,
                "writes": self.writes,
                "refusals": self.refusals,
                "records_created": self.records_created,
                "records_updated": self.records_updated,
                "records_deleted": self.records_deleted,
                "log": [asked._asdict() for asked in self.log],
            }
