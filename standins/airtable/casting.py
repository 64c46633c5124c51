"""`typecast`: what the service makes of a value that a field wouldn't take as it is.

What cannot be understood is left as it is, and then refused.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from standins.airtable.fields import NUMBERS, TEXTS, Field

TICKED = frozenset(["true", "checked", "yes", "1"])
UNTICKED = frozenset(["false", "unchecked", "no", "0"])
FRENCH_DAY = re.compile(r"^(\d\d)/(\d\d)/(\d{4})$")


def cast(field: Field, value: Any) -> Any:
    caster = CASTERS.get(field.type)
    return caster(value) if caster else value


def text(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    plain = "".join(value.split()).replace(",", ".")
    try:
        if plain.endswith("%"):
            return float(plain[:-1]) / 100
        found = float(plain)
    except ValueError:
        return value
    return int(found) if found.is_integer() else found


def checkbox(value: Any) -> Any:
    word = str(value).lower()
    if word in TICKED | UNTICKED:
        return word in TICKED
    return value


def day(value: Any) -> Any:
    """From a time, or from a day as it is written in France."""
    text = FRENCH_DAY.sub(r"\3-\2-\1", str(value))
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return value


def options(value: Any) -> Any:
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return value


CASTERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(TEXTS, text),
    **dict.fromkeys(NUMBERS, number),
    "checkbox": checkbox,
    "date": day,
    "singleSelect": text,
    "multipleSelects": options,
}
