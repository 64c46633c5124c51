"""The fields of what may not be known: numbers are null then, texts blank."""

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NOT_NEGATIVE = [MinValueValidator(0)]
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


def figure(name: "_StrPromise") -> "models.FloatField[float | None, float | None]":
    return models.FloatField(name, null=True, blank=True, validators=NOT_NEGATIVE)


def share(name: "_StrPromise") -> "models.FloatField[float | None, float | None]":
    """Percents of a whole, 0 to 100."""
    return models.FloatField(name, null=True, blank=True, validators=PERCENT)


def count(name: "_StrPromise") -> "models.PositiveIntegerField[int | None, int | None]":
    return models.PositiveIntegerField(name, null=True, blank=True)


def text(name: "_StrPromise", **options: Any) -> "models.CharField[str, str]":
    return models.CharField(name, max_length=500, blank=True, default="", **options)
