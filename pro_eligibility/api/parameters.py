"""The parameters of requests: what each takes, and the refusal of everything else."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as Refused
from django.http import QueryDict
from django_filters import FilterSet, UUIDFilter
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError

from jobs.api.filters import Choice, Digits, choices, takes
from jobs.api.schema import described
from pro_eligibility.models import EligibilityTest

Box = tuple[float, float, float, float]  # west, south, east, north
# Around all that can be located.
FRANCE: Box = (-10, 38, 15, 55)
MOST_POINTS = 5_000
# As a program writes them; Python takes more than that, such as 1_0.
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?(e-[0-9]+)?")


class BoxField(forms.Field):
    """A part of the map in degrees."""

    def __init__(self) -> None:
        super().__init__(required=False, initial=FRANCE)
        self.help_text = "west,south,east,north in degrees"

    def to_python(self, value: str | None) -> Box | None:
        if value is None:
            return None
        numbers = value.split(",")
        if len(numbers) != 4 or not all(map(DEGREES.fullmatch, numbers)):
            raise Refused("not four numbers")
        west, south, east, north = map(float, numbers)
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Refused("not a box")
        return west, south, east, north


class Threshold(Digits):
    """A score; unless it is given, that of the test."""

    def __init__(self) -> None:
        super().__init__(0, 100, 0)
        self.initial = None


class PageOptions(forms.Form):
    """Which part of a list."""

    limit = Digits(1, 100, 50)
    offset = Digits(0, 1_000_000, 0)


class TestFilters(FilterSet):  # type: ignore[misc]
    userId = UUIDFilter(field_name="user_id", help_text="the UUID of a user")  # noqa: N815

    class Meta:
        model = EligibilityTest
        fields: list[str] = []


class UploadOptions(forms.Form):
    start = Choice("false", "true")


class CountOptions(forms.Form):
    threshold = Threshold()


class MapOptions(forms.Form):
    bbox = BoxField()
    limit = Digits(1, MOST_POINTS, MOST_POINTS)


def asked(data: QueryDict, *parameters: forms.Form) -> dict[str, Any]:
    """The value of each parameter, defaults included.

    Raises a ValidationError that names each wrong one and what it takes.
    """
    forms_of = {name: form for form in parameters for name in form.fields}
    problems = {name: problem(name, data.getlist(name), forms_of) for name in data}
    if found := {name: text for name, text in problems.items() if text}:
        raise ValidationError(found)
    return {
        name: form.cleaned_data[name] if name in data else form.fields[name].initial
        for name, form in forms_of.items()
    }


def problem(name: str, given: list[str], forms_of: dict[str, forms.Form]) -> str | None:
    if name not in forms_of:
        return f"Unknown parameter; this takes {', '.join(sorted(forms_of)) or 'none'}."
    field = forms_of[name].fields[name]
    if len(given) > 1 and not isinstance(field, forms.MultipleChoiceField):
        return f"Given {len(given)} times; it takes {takes(field)}, once."
    if name in forms_of[name].errors or not all(text.strip() for text in given):
        return f"Given {','.join(given)!r:.100}; it takes {takes(field)}."
    return None


def in_schema(*parameters: forms.Form) -> list[OpenApiParameter]:
    """These parameters as the OpenAPI schema describes them."""
    return [in_words(name, field) for form in parameters for name, field in form.fields.items()]


def in_words(name: str, field: forms.Field) -> OpenApiParameter:
    if isinstance(field, forms.MultipleChoiceField | forms.UUIDField | Digits | Choice):
        return described(name, field)
    enum = choices(field) or None
    return OpenApiParameter(name, str, description=f"Takes {takes(field)}.", enum=enum)
