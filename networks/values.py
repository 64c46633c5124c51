"""What files and people write, as the fields of a model take it."""

import re
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import AutoField, BooleanField, Field, IntegerField

from networks.errors import Unfit

WORDS = {"oui": True, "true": True, "1": True, "non": False, "false": False, "0": False}


def value_of(field: "Field[Any, Any]", value: Any) -> Any:
    """The value as this field takes it; None if there is none. Unfit if it cannot be one."""
    value = plain(value)
    if value is None:
        return None
    try:
        if isinstance(field, ArrayField):
            return [number_or_text(field.base_field, item) for item in listed(value)]
        if isinstance(field, BooleanField):
            return boolean(value)
        return number_or_text(field, value)
    except ValidationError as error:
        raise Unfit(f"{field.name}: {' '.join(error.messages)}".rstrip(".")) from None


def plain(value: Any) -> Any:
    """A value of a file as Python has it; None if there is none."""
    if hasattr(value, "tolist"):  # of numpy, which a worker need not import to see that
        value = value.tolist()
    if isinstance(value, str):
        value = value.strip()
    return None if value == "" or value != value else value  # NaN differs from itself


def boolean(value: Any) -> bool:
    word = f"{value:g}" if isinstance(value, float) else str(value).lower()
    if word not in WORDS:
        raise ValidationError(f"{value!r} is neither oui nor non, true nor false, 1 nor 0")
    return WORDS[word]


def listed(value: Any) -> list[Any]:
    """The items of a list, or of a text that separates them by commas, semicolons or blanks."""
    if isinstance(value, str):
        # Formats without lists write them as JSON or as PostgreSQL does.
        return re.findall(r"[^\s,;\[\]{}\"']+", value)
    return value if isinstance(value, list) else [value]


def number_or_text(field: "Field[Any, Any]", value: Any) -> Any:
    if isinstance(field, IntegerField) and isinstance(value, float) and value != int(value):
        raise ValidationError(f"{value} is not a whole number")
    given = field.to_python(value)
    if isinstance(field, AutoField) and given < 1:
        raise ValidationError(f"{given} is not a number from 1 on")
    return given
