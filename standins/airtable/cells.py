"""Whether a field takes a value that is written, and the cell it becomes."""

import math
import re
from datetime import UTC, date, datetime
from typing import Any

from standins.airtable import errors
from standins.airtable.casting import cast
from standins.airtable.fields import NUMBERS, SELECTS, TEXTS, Field


def accepted(field: Field, value: Any, *, typecast: bool) -> Any:
    """The cell, None for an empty one. Raises ApiError naming the field."""
    if field.is_computed:
        raise errors.computed_field(field.name)
    if value is None or value == "":
        return None
    if typecast:
        value = cast(field, value)
    if not fits(field.type, value):
        raise errors.invalid_value(field.name)
    if field.type in SELECTS and not typecast:
        refuse_new_options(field, value)
    if field.type == "dateTime":
        return as_time(value)
    return as_number(value) if field.type in NUMBERS else value


def is_empty(cell: Any) -> bool:
    """The service leaves it out of its answers; an unticked box too."""
    return cell is None or cell is False or cell in ("", [])


def fits(type: str, value: Any) -> bool:
    if type in TEXTS or type == "singleSelect":
        return isinstance(value, str)
    if type in NUMBERS:
        return is_number(value)
    match type:
        case "checkbox":
            return isinstance(value, bool)
        case "date":
            return isinstance(value, str) and is_date(value)
        case "dateTime":
            return isinstance(value, str) and is_time(value)
        case "multipleSelects":
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case "multipleAttachments":
            return isinstance(value, list) and all(is_attachment(one) for one in value)
    return True


def refuse_new_options(field: Field, value: str | list[str]) -> None:
    for name in value if isinstance(value, list) else [value]:
        if name not in field.choices:
            raise errors.unknown_option(name)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def as_number(value: float) -> float:
    """Whole numbers come back without a point, whatever they were written with."""
    return int(value) if value == int(value) else value


def is_date(text: str) -> bool:
    # The pattern is there because Python takes more than the service does, such as 20260101.
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and parses(date, text)


def is_time(text: str) -> bool:
    return bool(re.match(r"\d{4}-\d\d-\d\d(?!\d)", text)) and parses(datetime, text)


def parses(type: type[date], text: str) -> bool:
    try:
        type.fromisoformat(text)
    except ValueError:
        return False
    return True


def as_time(text: str) -> str:
    """In UTC, as all times are answered."""
    time = datetime.fromisoformat(text)
    in_utc = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    return in_utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_attachment(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("filename", ""), str):
        return False
    url = str(value.get("url", ""))
    return isinstance(value.get("id"), str) or url.startswith(("http://", "https://"))
