"""One request to the API, and what it says."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from standins.airtable import errors
from standins.airtable.base import BASE


class Answer(NamedTuple):
    status: int
    content: Any


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    authorization: str = ""
    body: bytes = b""

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.url).path)

    @cached_property
    def parts(self) -> list[str]:
        """Of the path, after /v0; a name may hold a slash, when it is encoded."""
        encoded = urlsplit(self.url).path.rstrip("/").split("/")
        return [unquote(part) for part in encoded[2:]]

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True)

    @property
    def is_read(self) -> bool:
        return self.method == "GET" or self.parts[2:] == ["listRecords"]

    @property
    def is_on_base(self) -> bool:
        return BASE in self.parts

    @cached_property
    def content(self) -> dict[str, Any]:
        """The body. Raises ApiError unless it is an object in JSON."""
        try:
            content = json.loads(self.body, parse_constant=refuse)
        except ValueError:
            raise errors.unreadable() from None
        if not isinstance(content, dict):
            raise errors.invalid_request()
        return content

    @property
    def resumes(self) -> bool:
        """Whether it asks for a page that is not the first."""
        return self.is_read and bool(dict(self.query).get("offset") or self._told("offset"))

    @property
    def record_ids(self) -> list[str]:
        return [value for name, value in self.query if name == "records[]"]

    @property
    def records(self) -> int:
        """How many records it wants to write or delete."""
        if self.is_read:
            return 0
        if self.method == "DELETE":
            return len(self.record_ids) or len(self.parts[2:])
        records = self._told("records")
        return len(records) if isinstance(records, list) else 1

    def _told(self, name: str) -> Any:
        try:
            return self.content.get(name)
        except errors.ApiError:
            return None


def refuse(constant: str) -> None:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(constant)
