"""JSON that PostgreSQL can keep: what `data` and `result` have to be."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from jobs.errors import NotStorable, TooLarge

LIMIT = 1_000_000  # bytes of JSON
# An escape, not a backslash that is itself escaped and then "u0000".
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
SHORT = LIMIT // 8  # characters of at most four bytes, with at most a blank after each
How = Mapping[str, Any]
# How a model is stored: by alias, and for a round trip only what it can be made of again, without
# computed fields. What is read again is compared, which says more than a warning.
AS_SHOWN: How = {"by_alias": True}
TO_BE_READ: How = {"by_alias": True, "round_trip": True, "warnings": False}
encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode


def stored(what: str, value: Mapping[str, Any] | BaseModel, how: How = AS_SHOWN) -> str:
    """The value as JSON, or NotStorable or TooLarge; `what` names it in the message."""
    if isinstance(value, BaseModel):
        if text := at_once(value, how):
            return text
        value = as_python(what, value, how)
    if not isinstance(value, Mapping):
        raise NotStorable(what, f"it is a {type(value).__name__}, not a mapping")
    text = dumped(what, value)
    if (size := len(text.encode())) > LIMIT:
        raise TooLarge(what, size, LIMIT)
    return text


def at_once(model: BaseModel, how: How) -> str | None:
    """The JSON of most models, several times as fast; None for one that needs a closer look."""
    try:
        # As model_dump_json does, in a third of the time.
        text = model.__pydantic_serializer__.to_json(model, **how).decode()
    except ValueError:
        return None
    # `null` may have been a number that JSON does not have.
    plain = not ("null" in text or "\\u0000" in text or "NaN" in text or "Infinity" in text)
    return text if plain and text[0] == "{" and len(text) <= SHORT else None


def as_python(what: str, model: BaseModel, how: How) -> Any:
    try:
        return model.model_dump(mode="json", **how)
    except ValueError as error:  # of a value, or of code of the model
        raise NotStorable(what, error) from None


def dumped(what: str, value: Mapping[str, Any]) -> str:
    # jsonb has no NaN, no NUL and no half of a surrogate pair; json.dumps would pass all three.
    try:
        text = encode(value)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise NotStorable(what, error) from None
    if NUL.search(text):
        raise NotStorable(what, "it contains a NUL character")
    return text


def printable(text: str) -> str:
    """The text without what PostgreSQL refuses, shown as escapes instead."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()
