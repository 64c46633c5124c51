"""JSON that PostgreSQL can keep: what `data` and `result` have to be."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from jobs.errors import NotStorable, TooLarge

LIMIT = 1_000_000  # bytes of JSON
# An escape, not a backslash that is itself escaped and then "u0000".
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def storable(what: str, value: Mapping[str, Any] | BaseModel) -> dict[str, Any]:
    """The value as plain JSON, or NotStorable or TooLarge; `what` names it in the message."""
    return json.loads(stored(what, value))  # type: ignore[no-any-return]


def stored(what: str, value: Mapping[str, Any] | BaseModel) -> str:
    """The same, as the text of it."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if not isinstance(value, Mapping):
        raise NotStorable(what, f"it is a {type(value).__name__}, not a mapping")
    text = dumped(what, value)
    if (size := len(text)) > LIMIT:
        raise TooLarge(what, size, LIMIT)
    return text.decode()


def dumped(what: str, value: Mapping[str, Any]) -> bytes:
    # jsonb has no NaN, no NUL and no half of a surrogate pair; json.dumps would pass all three.
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise NotStorable(what, error) from None
    if NUL.search(text):
        raise NotStorable(what, "it contains a NUL character")
    return text


def printable(text: str) -> str:
    """The text without what PostgreSQL refuses, shown as escapes instead."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()
