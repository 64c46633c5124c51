"""The parameters of the list of jobs: what each takes, and what it selects."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as Refused
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django_filters import FilterSet, MultipleChoiceFilter, UUIDFilter
from rest_framework.exceptions import ValidationError

from jobs.api.pagination import Page
from jobs.models import Job
from jobs.registry import job_types
from jobs.timeline import Timeline


def registered() -> list[tuple[str, str]]:
    return [(name, name) for name in job_types.names()]


class SeveralTexts(forms.SelectMultiple):
    """Values that are repeated, separated by commas, or both."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for text in data.getlist(name) for value in text.split(",")]


class Digits(forms.Field):
    """A whole number as a program writes it: `１`, `1_0`, `+1` and `1.0` are none."""

    def __init__(self, least: int, most: int, default: int) -> None:
        super().__init__(required=False, initial=default)
        self.least, self.most = least, most
        self.help_text = f"a whole number from {least:,} to {most:,}"
        self.validators = [MinValueValidator(least), MaxValueValidator(most)]

    def to_python(self, value: str | None) -> int | None:
        if value is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise Refused("not a whole number")
        return int(value)


class Choice(forms.ChoiceField):
    """One of a few words; the first is the default."""

    def __init__(self, *words: str) -> None:
        choices = [(word, word) for word in words]
        super().__init__(
            choices=choices, required=False, initial=words[0], help_text="one of {choices}"
        )


class ListOptions(forms.Form):
    """Which part of the list, and in what order."""

    limit = Digits(1, 100, 50)
    offset = Digits(0, 1_000_000, 0)
    orderBy = Choice("created_at", "updated_at", "type", "status")  # noqa: N815
    orderDirection = Choice("desc", "asc")  # noqa: N815

    def clean(self) -> dict[str, Any]:
        defaults = {name: field.initial for name, field in self.fields.items()}
        given = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        return defaults | given


class JobFilters(FilterSet):  # type: ignore[misc]
    """What the list was asked for; `check` refuses what it does not take."""

    types = MultipleChoiceFilter(
        field_name="type",
        choices=registered,
        widget=SeveralTexts,
        distinct=False,
        help_text="one or more of {choices}",
    )
    statuses = MultipleChoiceFilter(
        field_name="status",
        choices=Job.Status.choices,
        widget=SeveralTexts,
        distinct=False,
        help_text="one or more of {choices}",
    )
    userId = UUIDFilter(field_name="user_id", help_text="the UUID of a user")  # noqa: N815

    class Meta:
        model = Job
        fields: list[str] = []
        form = ListOptions

    def check(self) -> None:
        """Raise a ValidationError that names each wrong parameter and what it takes."""
        problems = {name: self._problem(name) for name in self.data}
        if found := {name: problem for name, problem in problems.items() if problem}:
            raise ValidationError(found)

    @property
    def asked(self) -> dict[str, Any]:
        """The value of each parameter, defaults included."""
        assert self.form.is_valid()  # `check` has refused the others
        return dict(self.form.cleaned_data)

    def filter_queryset(self, queryset: QuerySet[Job]) -> QuerySet[Job]:
        for name, condition in self.filters.items():
            queryset = condition.filter(queryset, self.asked[name])
        sign = "-" if self.asked["orderDirection"] == "desc" else ""
        return queryset.order_by(sign + self.asked["orderBy"], f"{sign}id")

    @property
    def timeline(self) -> Timeline:
        """What it selects, by age."""
        user = self.asked["userId"]
        return Timeline(
            self.filters["userId"].filter(self.queryset, user),
            self.queryset,
            statuses=self.asked["statuses"],
            types=self.asked["types"],
            owner="anybody" if user is None else "one user",
            newest_first=self.asked["orderDirection"] == "desc",
        )

    def page(self) -> Page:
        jobs = self.timeline
        ordered = jobs if self.asked["orderBy"] == "created_at" else self.qs
        return Page.of(ordered, jobs, offset=self.asked["offset"], limit=self.asked["limit"])

    def _problem(self, name: str) -> str | None:
        if name not in self.form.fields:
            return f"Unknown parameter; the list takes {', '.join(sorted(self.form.fields))}."
        given = self.data.getlist(name)
        if len(given) > 1 and name not in ("types", "statuses"):
            return f"Given {len(given)} times; it takes {takes(self.form.fields[name])}, once."
        if name in self.form.errors or not all(text.strip() for text in given):
            return f"Given {','.join(given)!r:.100}; it takes {takes(self.form.fields[name])}."
        return None


def takes(field: forms.Field) -> str:
    """'one of desc, asc': what a parameter takes, in words."""
    return str(field.help_text).format(choices=", ".join(choices(field)) or "none (none exists)")


def choices(field: forms.Field) -> list[str]:
    return [str(value) for value, _ in getattr(field, "choices", []) if value]
